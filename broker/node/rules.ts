// The files that a configuration names to say who may do what, made into the rules of a gate. Knows where they are and what is
// said of those that cannot be used; what they mean is known to passwords.ts and acl.ts.
import { readFileSync } from 'node:fs';
import { AccessList, AclError } from './acl.ts';
import type { Configuration, ListenerConfiguration } from './config/configuration.ts';
import type { Rules } from './gate.ts';
import { type CheckLine, Passwords, parsePasswords } from './passwords.ts';

/** Files that cannot be used. The lines are Mosquitto's, but for the one that names the line. */
export class RulesError extends Error {
  override readonly name = 'RulesError';
  readonly lines: readonly string[];

  constructor(...lines: string[]) {
    super(lines.join('\n'));
    this.lines = lines;
  }
}

/**
 * Reads the rules of a listener.
 * @param checks where the checks of passwords wait
 * @param complain takes what Mosquitto says of users whom it leaves out
 * @throws RulesError
 */
export function readRules(
  { security, options }: ListenerConfiguration,
  { global }: Configuration,
  checks: CheckLine,
  complain: (line: string) => void,
): Rules {
  return {
    allowAnonymous: security.allow_anonymous,
    passwords: security.password_file ? readPasswords(security.password_file, checks, complain) : undefined,
    list: security.acl_file ? readList(security.acl_file) : undefined,
    clientIdPrefix: global.clientid_prefixes,
    assignedClientIdPrefix: security.auto_id_prefix,
    clientIdIsUsername: options.use_username_as_clientid,
    refusesSubscribe: security.glass_refuse_subscribe,
  };
}

function readPasswords(path: string, checks: CheckLine, complain: (line: string) => void): Passwords {
  const unreadable = [`Error: Unable to open pwfile "${path}".`, `Error opening password file "${path}".`];
  return new Passwords(parsePasswords(contentOf(path, unreadable), complain), checks);
}

function readList(path: string): AccessList {
  const unusable = `Error opening acl file "${path}".`;
  const content = contentOf(path, [`Error: Unable to open acl_file "${path}".`, unusable]);
  try {
    return new AccessList(content, path);
  } catch (error) {
    if (!(error instanceof AclError)) throw error;
    throw new RulesError(error.message, `Error found at ${path}:${error.line}.`, unusable);
  }
}

function contentOf(path: string, complaint: readonly string[]): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new RulesError(...complaint);
  }
}
