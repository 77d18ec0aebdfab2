/** The tools of our own server, as the client names them: the first group is the tool's own name. */
export const OWN_TOOL = /^mcp__(?:plugin_self-healing_)?living-context__(\w{1,60})$/;
