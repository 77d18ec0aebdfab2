/** Forges, and everything that sends something to another machine. */
import type { Denial } from '../rules.ts';
import type { SimpleCommand } from '../shell.ts';
import { operandsOf } from './operands.ts';
import { clip, denial } from './policy.ts';

const FORGES = /^(gh|hub|glab|tea|bb|jira|lab|berg|forgejo-cli|az-devops|arc|spr|graphite|gt|ghstack)$/;
const OTHER_VERSION_CONTROL = /^(jj|hg|svn|bzr|fossil|sl|p4)$/;
const CLIENTS = /^(curl|wget|wget2|http|https|httpie|xh|xhs|aria2c|axel|hurl|curlie|grpcurl|websocat|wscat)$/;
const REMOTE =
  /^(ssh|mosh|sftp|ftp|lftp|telnet|nc|ncat|netcat|socat|rsh|autossh|sshpass|ngrok|cloudflared|localtunnel|lt|mail|mailx|mutt|sendmail|msmtp)$/;
const FORGE_API =
  /api\.github\.com|uploads\.github\.com|\/api\/v[134]\/(repos|projects)|api\.bitbucket\.org|gitlab\.com\/api|dev\.azure\.com|https?:\S*\/(pulls|merge_requests|pullrequests|graphql)\b/i;
const LOCAL =
  /^(https?:\/\/|wss?:\/\/)?([^/@\s]*@)?(localhost|127\.\d+\.\d+\.\d+|\[::1\]|0\.0\.0\.0|[\w-]+\.localhost|:)(:|\/|$|\d)/i;
const INSTEAD = 'A fix is published by propose_pr only, once verify_fix answers pass.';

export function judgeNetwork(command: SimpleCommand, name: string): Denial | undefined {
  if (FORGES.test(name) || OTHER_VERSION_CONTROL.test(name))
    return denial('publish.forge', `\`${name}\` publishes around the gate`, INSTEAD);
  const words = command.words.slice(1);
  const texts = words.map((word) => word.text);
  const operands = operandsOf(command);
  if (REMOTE.test(name) && !(/^(nc|ncat|netcat|telnet|socat)$/.test(name) && texts.some((text) => LOCAL.test(text))))
    return denial(
      'publish.forge',
      `\`${name}\` works on another machine`,
      'Work on this machine only; use curl to read a public page.',
    );
  if (
    /^(scp|rsync)$/.test(name) &&
    operands.some((word) => /^[\w.@-]+::?[^/\\]|^[\w.-]+@[\w.-]+:|^[\w.-]+:|^rsync:/.test(word.text))
  )
    return denial('publish.forge', `\`${name}\` copies to or from another machine`, 'Work on this machine only.');
  if (!CLIENTS.test(name)) return undefined;
  if (texts.some((text) => FORGE_API.test(text)))
    return denial('publish.forge', `\`${name}\` calls the interface of a forge`, INSTEAD);
  if (
    texts.some((text) => /^(-K|--config|--input-file|-i)$/.test(text)) &&
    /^(curl|wget)/.test(name) &&
    !(name === 'curl' && !texts.some((text) => /^(-K|--config)$/.test(text)))
  )
    return denial(
      'command.unreadable',
      `\`${name}\` reads its own options from a file`,
      'Write the address and the options plainly.',
    );
  const sends = texts.some((text, index) => sendsData(text, texts[index + 1] ?? '', name));
  const elsewhere = addresses(
    texts,
    operands.map((word) => word.text),
  ).filter((text) => !LOCAL.test(text));
  if (sends && elsewhere.length > 0)
    return denial(
      'publish.forge',
      `\`${name}\` sends data to ${clip(elsewhere[0] ?? '')}`,
      'Send requests to localhost only; reading a public page is fine.',
    );
  return undefined;
}

/** Addresses among the operands; values of options are among them too, so only what looks like one counts. */
function addresses(texts: string[], operands: string[]): string[] {
  const urls = operands.filter(
    (text) => /^[a-z]+:\/\//i.test(text) || /^(\$|[\w-]+(\.[\w-]+)+(:\d+)?(\/|$)|localhost|:\d|\/)/.test(text),
  );
  const option = texts.flatMap((text, index) =>
    text === '--url' ? [texts[index + 1] ?? ''] : text.startsWith('--url=') ? [text.slice(6)] : [],
  );
  const full = [...urls, ...option].filter((text) => /^[a-z]+:\/\//i.test(text) || text.startsWith('$'));
  return full.length > 0 ? full : [...urls, ...option];
}

function sendsData(text: string, next: string, name: string): boolean {
  if (/^(-X|--request|--method)$/.test(text)) return !/^(GET|HEAD|OPTIONS)$/i.test(next);
  if (/^(-X|--request=|--method=)[A-Z]/i.test(text))
    return !/^(-X|--request=|--method=)(GET|HEAD|OPTIONS)$/i.test(text);
  if (name === 'curl' && /^-[a-zA-Z]*[dFT]$/.test(text)) return true;
  if (/^(http|https|xh|xhs|httpie)$/.test(name))
    return /^(POST|PUT|PATCH|DELETE)$/i.test(text) || /^[\w.-]+:?=[^=]/.test(text);
  return /^(-d|-F|-T|--data(-\w+)?|--form(-string)?|--json|--upload-file|--post-(data|file)|--body-(data|file))(=|$)|^-[dFT]./.test(
    text,
  );
}

/** Whether code or text names a forge's interface. */
export function namesForge(text: string): boolean {
  return FORGE_API.test(text);
}
