// The way from the page to a broker: a WebSocket, and what can go wrong on it, told apart as far as a browser tells. Knows no
// packet.
import { MQTT_PATH } from '#broker/ports.ts';
import type { Carrier, End } from './client.ts';

/** Why there is no connection: the browser forbids it, nobody answered, it ended, or what came is not MQTT. */
export type Trouble = 'mixed' | 'refused' | 'silent' | 'ended' | 'broken' | 'foreign';

/** What is wrong with an address before anybody was asked. */
export type AddressTrouble = 'address' | 'mixed';

/** Milliseconds in which a broker has to answer. */
const PATIENCE = 10_000;

/** The broker behind the page. */
export function ownAddress({ protocol, host }: Pick<Location, 'protocol' | 'host'>): string {
  return `${protocol === 'https:' ? 'wss' : 'ws'}://${host}${MQTT_PATH}`;
}

/** What is wrong with an address; undefined where nothing is. */
export function addressTrouble(address: string, page: string): AddressTrouble | undefined {
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
    queueMicrotask(() => end.closed(false));
    return { send() {}, close() {} };
  }
  let state: 'waits' | 'open' | 'over' = 'waits';
  const over = (trouble: Trouble, isClean = false) => {
    if (state === 'over') return;
    state = 'over';
    clearTimeout(timer);
    tell(trouble);
    end.closed(isClean);
    socket.close();
  };
  const timer = setTimeout(() => over('silent'), PATIENCE);
  socket.binaryType = 'arraybuffer';
  socket.onopen = () => {
    if (state === 'over') return;
    state = 'open';
    clearTimeout(timer);
    end.opened();
  };
  socket.onmessage = ({ data }) => {
    if (state !== 'open') return;
    // MQTT comes in binary messages, and in no others [MQTT-6.0.0-1].
    if (data instanceof ArrayBuffer) end.received(new Uint8Array(data));
    else over('foreign');
  };
  socket.onclose = ({ wasClean }) => {
    if (state === 'waits') over('refused');
    else over(wasClean ? 'ended' : 'broken', wasClean);
  };
  return {
    send: (bytes) => socket.send(bytes as Uint8Array<ArrayBuffer>),
    /** Whoever closes knows. */
    close(why) {
      state = 'over';
      clearTimeout(timer);
      socket.close();
      if (why) tell(why);
    },
  };
}
