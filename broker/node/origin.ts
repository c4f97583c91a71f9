// Which page of a browser may reach a broker on this machine. Knows the headers that browsers set and pages cannot; keeps no
// list of its own.
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';

/**
 * Whether a request names this machine in a way that no stranger's name server can give: by a loopback name or by an
 * address of its own. (A name that a stranger owns can be made to lead here: DNS rebinding.)
 */
export function namesThisMachine(headers: IncomingHttpHeaders): boolean {
  const name = hostname(`http://${headers.host}`);
  return name !== undefined && (isLoopback(name) || isOwnAddress(name));
}

/** Whether a request comes from a page of the very site that it is sent to. */
export function isSameOrigin(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') return false;
  return (
    headers.origin !== undefined && urlOf(headers.origin)?.host === urlOf(`http://${headers.host}`)?.host
  );
}

/** Whether a request comes from a page that was served by the same machine, by a name that this machine knows to be its own. */
export function isSameMachine(headers: IncomingHttpHeaders): boolean {
  if (headers.origin === undefined || !namesThisMachine(headers)) return false;
  return hostname(headers.origin) === hostname(`http://${headers.host}`);
}

/** Whether a request comes from no page, or from one that this machine served. */
export function isLocal(headers: IncomingHttpHeaders): boolean {
  if (headers.origin === undefined) return true;
  const name = hostname(headers.origin);
  return name !== undefined && isLoopback(name);
}

function isLoopback(name: string): boolean {
  return (
    name === 'localhost' ||
    name.endsWith('.localhost') ||
    name === '[::1]' ||
    (isIP(name) === 4 && name.startsWith('127.'))
  );
}

function isOwnAddress(name: string): boolean {
  const address = name.replace(/^\[(.*)\]$/, '$1');
  return Object.values(networkInterfaces()).some((all) => all?.some((own) => own.address === address));
}

function hostname(url: string): string | undefined {
  return urlOf(url)?.hostname;
}

function urlOf(url: string): URL | undefined {
  return URL.canParse(url) ? new URL(url) : undefined;
}
