// What a run of any of the tools begins and ends with: its command line, its help, and what is said when it cannot be carried
// out. Knows no MQTT.
import { utf8 } from '../../codec/index.ts';
import { Problem, WrongUsage } from './complaint.ts';
import { Conversation, type Role } from './conversation.ts';
import { help, versionLine } from './help.ts';
import { type Tool, type ToolHost, Unreachable } from './host.ts';
import { checkConnect, parse } from './parse.ts';
import type { ToolSettings } from './settings.ts';

/** The exit code of what does not begin. The help has it as well, because the originals do it so. */
const NOT_BEGUN = 1;

/** A tool but for what all have in common. */
export interface Plan {
  tool: Tool;
  /** Looks at the settings, and fetches what is to be sent. @throws WrongUsage, Problem */
  prepare(settings: ToolSettings, host: ToolHost): Promise<Uint8Array>;
  role(conversation: Conversation, host: ToolHost, payload: Uint8Array): Role;
}

/**
 * Runs a tool.
 * @param words its command line, without its name
 * @returns the exit code
 */
export async function run(
  { tool, prepare, role }: Plan,
  words: readonly string[],
  host: ToolHost,
): Promise<number> {
  let isQuiet = false;
  try {
    const wish = parse(tool, words, host);
    if (wish === 'help' || wish === 'version') {
      host.print(utf8(wish === 'help' ? help(tool) : versionLine(tool)));
      return NOT_BEGUN;
    }
    isQuiet = wish.isQuiet;
    const payload = await prepare(wish, host);
    checkConnect(tool, wish);
    const conversation = new Conversation(wish, host);
    return await conversation.hold(role(conversation, host, payload));
  } catch (error) {
    if (error instanceof WrongUsage) complain(tool, error, host);
    else if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
    else if (!isQuiet) host.complain(`${error.message}\n`);
    return NOT_BEGUN;
  }
}

function complain(tool: Tool, { message, showsHelp }: WrongUsage, host: ToolHost): void {
  if (showsHelp) host.print(utf8(help(tool)));
  host.complain(showsHelp ? `${message}\n` : `${message}\n\nUse 'mosquitto_${tool} --help' to see usage.\n`);
}
