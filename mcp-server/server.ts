/**
 * The MCP server `living-context`. It answers `initialize` at once and opens the repository and its database at the first
 * call that needs them; a call that fails is an answer, never the end of the server.
 */
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import {
  CallToolRequestSchema,
  type CallToolResult,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ListToolsRequestSchema,
  ReadResourceRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import { describeError } from '../events/errors.ts';
import { openWorkbench, type Workbench } from '../healer/workbench.ts';
import { guard } from '../hooks/guard.ts';
import { Binding } from './binding.ts';
import { callTool, failure, incidentOf } from './call-tool.ts';
import { answerGuards } from './guard-line.ts';
import { ServerGuardState } from './guard-state.ts';
import { HeadlessFix } from './headless-fix.ts';
import { Person } from './person.ts';
import { PersonVoice } from './person-voice.ts';
import { regainFix } from './regained-fix.ts';
import { listResources, listResourceTemplates, readResource } from './resources.ts';
import type { Tool, ToolCall } from './tool.ts';
import { TOOLS } from './tools/index.ts';
import { type Turn, Turns } from './turns.ts';

const INSTRUCTIONS = `The living context of this repository: scenarios that must keep working, invariants, the impact map, past incidents.
In any session: before the first edit of files, get_context with all of them tells what must not break; get_impact before changing what others use; search_incidents before guessing at an error. To heal an error: report_error, then the agents self-healing:diagnostician and self-healing:self-healing. A fix counts only when verify_fix answers pass.`;

const GUARDS_SILENT =
  'guards: silent (no hook of self-healing reached the server before this fix was started; the gate judges everything again)';

export interface ServerOptions {
  /** Folder inside the repository. */
  folder: string;
  version: string;
  /** The incident of a headless run, named by its parent. */
  incident?: string | undefined;
}

/** Serves until the transport closes; resolves then, with everything it started ended. */
export async function serve(transport: Transport, options: ServerOptions): Promise<void> {
  const server = new Server(
    { name: 'living-context', version: options.version },
    { capabilities: { tools: {}, resources: {} }, instructions: INSTRUCTIONS },
  );
  const binding = new Binding(options.incident);
  const stopped = new AbortController();
  let opening: Promise<Workbench> | undefined;
  const open = (): Promise<Workbench> => {
    opening ??= openWorkbench(options.folder, { role: 'session' }).catch((error: unknown) => {
      opening = undefined; // a repository may be made, or SQLite become ready, while the session goes on
      throw error;
    });
    return opening;
  };
  const headlessFix = new HeadlessFix(options.incident);
  const voice = new PersonVoice({ folder: options.folder });
  const person = new Person(server, voice);
  const guardState = new ServerGuardState(binding, open, headlessFix, voice);
  const turns = new Turns();

  server.setRequestHandler(ListResourcesRequestSchema, listResources);
  server.setRequestHandler(ListResourceTemplatesRequestSchema, listResourceTemplates);
  server.setRequestHandler(ReadResourceRequestSchema, ({ params }) => readResource(params.uri, open));
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: TOOLS.map(describeTool) }));

  server.setRequestHandler(CallToolRequestSchema, async (request, extra): Promise<CallToolResult> => {
    const { name, arguments: input } = request.params;
    const tool = TOOLS.find((candidate) => candidate.name === name);
    if (!tool)
      return failure(
        'not_found',
        `There is no tool "${name}".`,
        `The tools are ${TOOLS.map((t) => t.name).join(', ')}.`,
      );
    const signal = AbortSignal.any([extra.signal, stopped.signal]);
    const token = request.params._meta?.progressToken;
    let step = 0;
    const progress = (message: string): void => {
      if (token === undefined) return;
      step += 1;
      void extra
        .sendNotification({
          method: 'notifications/progress',
          params: { progressToken: token, progress: step, message },
        })
        .catch(() => {});
    };
    const toolUseId = request.params._meta?.['claudecode/toolUseId'];
    const carryOut = async (turn: Turn): Promise<CallToolResult> => {
      const result = await callTool(tool, input, binding, async () => {
        const bench = await open();
        if (tool.binding !== 'binds') await headlessFix.ensure(bench);
        if (tool.binding === 'changes') await regainFix(bench, binding, incidentOf(input));
        const ask: ToolCall['ask'] = (question) => turn.aside(() => person.ask(question, signal));
        const judgeUnseen: ToolCall['judgeUnseen'] = (incident) =>
          guardState.judgeUnseen(incident, typeof toolUseId === 'string' ? toolUseId : undefined);
        return { bench, signal, progress, ask, judgeUnseen };
      });
      const incident = binding.lastBound;
      if (tool.binding !== 'binds' || result.isError || !incident) return result;
      const observed = typeof toolUseId === 'string' && (await guardState.joinStart(toolUseId, incident));
      if (observed) return result;
      const fix = (await open()).fixes.get(incident);
      if (fix && !fix.warnings.includes(GUARDS_SILENT)) fix.warnings.unshift(GUARDS_SILENT);
      return {
        ...result,
        structuredContent: { ...result.structuredContent, warnings: fix?.warnings ?? [GUARDS_SILENT] },
      };
    };
    return tool.binding === 'reads' ? carryOut(NO_TURN) : turns.take(carryOut);
  });

  const closed = new Promise<void>((resolve) => {
    server.onclose = resolve;
  });
  await server.connect(transport);
  answerGuards(transport, (input) => guardResult(input, guardState));
  await closed;
  stopped.abort(new Error('the client has gone'));
  await turns.take(async () => {});
  await guardState.close();
  if (opening) await opening.then((bench) => bench.close()).catch(() => {});
}

/** Who only reads waits for nobody. */
const NO_TURN: Turn = { aside: (wait) => wait() };

function describeTool(tool: Tool) {
  const schema = (of: z.ZodType, io: 'input' | 'output') => {
    const { $schema: _, ...rest } = z.toJSONSchema(of, { io, target: 'draft-7', unrepresentable: 'any' });
    return { type: 'object' as const, ...rest };
  };
  return {
    name: tool.name,
    title: tool.title,
    description: tool.description,
    inputSchema: schema(tool.input, 'input'),
    outputSchema: schema(tool.output, 'output'),
    annotations: { title: tool.title, openWorldHint: false, ...tool.annotations },
  };
}

/** The text of a guard's answer is taken as the output of a hook. */
async function guardResult(input: unknown, state: ServerGuardState): Promise<CallToolResult> {
  try {
    return { content: [{ type: 'text', text: JSON.stringify(await guard(input, state)) }] };
  } catch (error) {
    return failure('failed', describeError(error).message, '');
  }
}
