/** Our own server and its tools, under the names that the client makes of the plugin's and the server's name. */

/** As the client lists its servers. */
export const SERVER = 'plugin:self-healing:living-context';

/** In front of the name of each tool; without the last two signs it stands for all of them in a list of permissions. */
export const TOOL_PREFIX = 'mcp__plugin_self-healing_living-context__';

/** Without the plugin's name where a project's own `.mcp.json` starts the server. */
const TOOL = /^mcp__(?:plugin_self-healing_)?living-context__(\w{1,60})$/;

/** The own name of one of our tools: `start_fix`; undefined for every other tool. */
export function ownTool(tool: string): string | undefined {
  return TOOL.exec(tool)?.[1];
}
