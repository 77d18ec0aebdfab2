/** Signals to processes that are not the agent's, and what runs on after it or changes the machine. */
import type { Denial } from '../rules.ts';
import type { SimpleCommand } from '../shell.ts';
import { denial } from './policy.ts';

const MACHINE =
  /^(shutdown|reboot|halt|poweroff|init|telinit|systemctl|service|launchctl|initctl|rc-service|swapoff|mount|umount|mkfs(\.\w+)?|fdisk|parted|iptables|nft|ufw|useradd|userdel|usermod|passwd|visudo|modprobe|sysctl)$/;
const LATER = /^(at|batch|crontab|systemd-run|incrontab|atd|dbus-send|busctl|gdbus)$/;
const BY_NAME = /^(pkill|killall|killall5|skill|slay|xkill)$/;

export function judgeProcesses(command: SimpleCommand, name: string): Denial | undefined {
  const words = command.words.slice(1);
  const texts = words.map((word) => word.text);
  const others =
    BY_NAME.test(name) ||
    (name === 'kill' &&
      !texts.includes('-l') &&
      !texts.includes('-L') &&
      words.some((word) => somebodyElses(word.text) || (command.pipedInput === true && !word.literal))) ||
    (/^(strace|ltrace|gdb|lldb|prlimit|renice|taskset|ionice|chrt)$/.test(name) &&
      texts.some((text) => /PPID/.test(text))) ||
    (name === 'fuser' && texts.some((text) => /^-\w*k|^--kill$/.test(text)));
  if (others)
    return denial(
      'command.processes',
      'it would end processes that are not yours',
      'End only processes you started, by their id (`cmd & pid=$!; …; kill $pid`).',
    );
  if (LATER.test(name) && !texts.some((text) => /^-[lV]$/.test(text)))
    return denial('command.processes', `\`${name}\` runs something later, out of sight`, 'Run it now.');
  if (
    MACHINE.test(name) &&
    !texts.some((text) => /^(status|is-active|list-units|show|--version|-l|-a|-n)$/.test(text)) &&
    texts.length > 0
  )
    return denial(
      'command.processes',
      `\`${name}\` changes the machine`,
      'Stay in the worktree; escalate when the machine has to change.',
    );
  return undefined;
}

function somebodyElses(text: string): boolean {
  return (
    /PPID|^-?1$|^-1$|pgrep|pidof|\bps\b|lsof|^\$…$/.test(text) && !/^-(9|15|2|1)?$/.test(text.replace(/^-1$/, '-1x'))
  );
}
