// The way from the page to a broker: a WebSocket, and what can go wrong on it, told apart as far as a browser tells. Knows no
// packet.
import { MQTT_PATH } from '#broker/ports.ts';
import type { Carrier, End } from './real.ts';

/** Why there is no connection: the address is none, the browser forbids it, nobody answered, or it ended. */
export type Trouble = 'address' | 'mixed' | 'refused' | 'silent' | 'ended';

/** Milliseconds in which a broker has to answer. */
const PATIENCE = 10_000;

/** The broker behind the page. */
export function ownAddress({ protocol, host }: Pick<Location, 'protocol' | 'host'>): string {
  return `${protocol === 'https:' ? 'wss' : 'ws'}://${host}${MQTT_PATH}`;
}

/** What is wrong with an address before anybody was asked; undefined where nothing is. */
export function addressTrouble(address: string, page: string): Trouble | undefined {
  if (!URL.canParse(address)) return 'address';
  const { protocol, hostname, hash } = new URL(address);
  if ((protocol !== 'ws:' && protocol !== 'wss:') || hash !== '') return 'address';
  const isHere = hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]';
  return page === 'https:' && protocol === 'ws:' && !isHere ? 'mixed' : undefined;
}

/**
 * Opens a connection for MQTT.
 * @param tell hears what went wrong, if anything
 */
export function openSocket(address: string, end: End, tell: (trouble: Trouble) => void): Carrier {
  let socket: WebSocket;
  try {
    socket = new WebSocket(address, ['mqtt']);
  } catch {
    tell('mixed');
    queueMicrotask(end.closed);
    return { send() {}, close() {} };
  }
  let state: 'waits' | 'open' | 'over' = 'waits';
  const over = (trouble?: Trouble) => {
    if (state === 'over') return;
    state = 'over';
    clearTimeout(timer);
    if (trouble) tell(trouble);
    end.closed();
  };
  const timer = setTimeout(() => {
    over('silent');
    socket.close();
  }, PATIENCE);
  socket.binaryType = 'arraybuffer';
  socket.onopen = () => {
    if (state === 'over') return;
    state = 'open';
    clearTimeout(timer);
    end.opened();
  };
  socket.onmessage = ({ data }) => {
    if (state === 'open' && data instanceof ArrayBuffer) end.received(new Uint8Array(data));
  };
  socket.onclose = () => over(state === 'waits' ? 'refused' : 'ended');
  return {
    send: (bytes) => socket.send(bytes as Uint8Array<ArrayBuffer>),
    /** Whoever closes knows. */
    close() {
      state = 'over';
      clearTimeout(timer);
      socket.close();
    },
  };
}
