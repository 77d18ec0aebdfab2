/**
 * The layers of the living context as resources: listed without looking at anything, read when they are asked for, each
 * answer bounded. Nothing of an incident being healed is among them: only people's own YAML as it is on disk.
 */
import {
  ErrorCode,
  type ListResourcesResult,
  type ListResourceTemplatesResult,
  McpError,
  type ReadResourceResult,
} from '@modelcontextprotocol/sdk/types.js';
import { LAYERS, type LayerName, layerText } from '../context/layer-text.ts';
import { describeError } from '../events/errors.ts';
import { workingLayers } from '../healer/fixes/read-context.ts';
import type { Workbench } from '../healer/workbench.ts';

const SCHEME = 'living-context://';
const ABOUT: Record<LayerName, { description: string; part: string; of: string }> = {
  scenarios: {
    description: 'What must keep working, with WHY and CONSTRAINT.',
    part: 'module',
    of: 'one module, or the one of an id',
  },
  invariants: { description: 'Rules no change may break.', part: 'id', of: 'the one of an id' },
  impact: { description: 'Hand-written dependencies and risks that code does not show.', part: 'file', of: 'one file' },
  incidents: { description: 'What broke before, and what not to repeat.', part: 'id', of: 'the one of an id' },
};

export function listResources(): ListResourcesResult {
  const resources = LAYERS.map((layer) => ({
    uri: SCHEME + layer,
    name: layer,
    title: `Living context: ${layer}`,
    description: `${ABOUT[layer].description} For what matters around files, get_context is shorter.`,
    mimeType: 'text/markdown',
  }));
  return { resources };
}

export function listResourceTemplates(): ListResourceTemplatesResult {
  const resourceTemplates = LAYERS.map((layer) => ({
    uriTemplate: `${SCHEME}${layer}/{+${ABOUT[layer].part}}`,
    name: `${layer}-of`,
    description: `${ABOUT[layer].description} Of ${ABOUT[layer].of}.`,
    mimeType: 'text/markdown',
  }));
  return { resourceTemplates };
}

export async function readResource(uri: string, open: () => Promise<Workbench>): Promise<ReadResourceResult> {
  const [layer, part] = parse(uri);
  let text: string | undefined;
  try {
    text = layerText(await workingLayers(await open()), layer, part);
  } catch (error) {
    const { message, next } = describeError(error);
    throw new McpError(ErrorCode.InternalError, `${message} ${next}`.trim());
  }
  if (text === undefined) throw notFound(uri, `Read ${SCHEME}${layer} for what there is.`);
  return { contents: [{ uri, mimeType: 'text/markdown', text }] };
}

function parse(uri: string): [LayerName, string | undefined] {
  const [, name = '', part] = /^living-context:\/\/([^/]*)(?:\/(.+))?$/s.exec(uri) ?? [];
  const layer = LAYERS.find((known) => known === name);
  if (layer === undefined) throw notFound(uri, `The layers are ${LAYERS.map((known) => SCHEME + known).join(', ')}.`);
  try {
    return [layer, part === undefined ? undefined : decodeURIComponent(part)];
  } catch {
    return [layer, part];
  }
}

/** The protocol's code for a resource that is not there. */
const NOT_FOUND = -32002;

function notFound(uri: string, next: string): McpError {
  return new McpError(NOT_FOUND, `There is no resource ${JSON.stringify(uri.slice(0, 200))}. ${next}`);
}
