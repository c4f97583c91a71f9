// The files that a configuration names to say who may do what, made into the rules of a gate. Knows where they are and what is
// said of those that cannot be used; what they mean is known to passwords.ts and acl.ts.
import { readFileSync } from 'node:fs';
import { AccessList, AclError } from './acl.ts';
import type { Configuration, ListenerConfiguration } from './config/configuration.ts';
import type { LogType } from './config/options.ts';
import type { Rules } from './gate.ts';
import { type CheckLine, Passwords, parsePasswords } from './passwords.ts';

/** Takes a line for the log. */
type Complain = (type: LogType, line: string) => void;

/** Files that cannot be used. The lines are Mosquitto's, but for the one that names the line. */
export class RulesError extends Error {
  override readonly name = 'RulesError';
  readonly lines: readonly string[];
  /** Whether the file is there, and what stands in it cannot be used. */
  readonly isReadable: boolean;

  constructor(lines: readonly string[], isReadable = false) {
    super(lines.join('\n'));
    this.lines = lines;
    this.isReadable = isReadable;
  }
}

/**
 * Reads the rules of a listener.
 * @param checks where the checks of passwords wait
 * @param complain takes what is said of lines that are passed over, or do less than they seem to
 * @throws RulesError
 */
export function readRules(
  { security, options }: ListenerConfiguration,
  { global }: Configuration,
  checks: CheckLine,
  complain: Complain,
): Rules {
  return {
    allowAnonymous: security.allow_anonymous,
    passwords: security.password_file ? readPasswords(security.password_file, checks, complain) : undefined,
    list: security.acl_file ? readList(security.acl_file, complain) : undefined,
    clientIdPrefix: global.clientid_prefixes,
    assignedClientIdPrefix: security.auto_id_prefix,
    clientIdIsUsername: options.use_username_as_clientid,
    refusesSubscribe: security.glass_refuse_subscribe,
  };
}

function readPasswords(path: string, checks: CheckLine, complain: Complain): Passwords {
  const unreadable = [`Error: Unable to open pwfile "${path}".`, `Error opening password file "${path}".`];
  const hashes = parsePasswords(contentOf(path, unreadable), (complaint, line) => {
    complain('error', complaint);
    complain('error', `Error found at ${path}:${line}.`);
  });
  return new Passwords(hashes, checks);
}

function readList(path: string, complain: Complain): AccessList {
  const unusable = `Error opening acl file "${path}".`;
  const content = contentOf(path, [`Error: Unable to open acl_file "${path}".`, unusable]);
  try {
    const list = new AccessList(content, path);
    for (const filter of list.namelessPatterns)
      complain('warning', `Warning: ACL pattern '${filter}' does not contain '%c' or '%u'.`);
    return list;
  } catch (error) {
    if (!(error instanceof AclError)) throw error;
    throw new RulesError([error.message, `Error found at ${path}:${error.line}.`, unusable], true);
  }
}

function contentOf(path: string, complaint: readonly string[]): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new RulesError(complaint);
  }
}
