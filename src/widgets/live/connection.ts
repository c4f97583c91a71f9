/**
 * The live view's way to the server behind the page. This file knows how to find out whether there is one; a site without
 * one answers too, and nothing goes wrong there.
 */
import type { BrokerFile, FeedMessage } from './feed.ts';
import { readMessage } from './feed.ts';

export type Status = 'away' | 'open' | 'lost';

/** What is told of a connection to the server. */
export interface Listener {
  message(message: FeedMessage): void;
  status(status: Status): void;
}

/**
 * Asks for the trace, if there is one to ask for.
 * @param file the address of the file that says where the trace is
 * @returns what ends it
 */
export function listenTo(file: string, listener: Listener): () => void {
  let socket: WebSocket | undefined;
  let isOver = false;
  const begin = async () => {
    const { trace } = (await (await fetch(file)).json()) as BrokerFile;
    if (trace === undefined || isOver) return;
    const address = new URL(trace, location.href);
    address.protocol = address.protocol.replace('http', 'ws');
    socket = new WebSocket(address);
    socket.onopen = () => listener.status('open');
    socket.onmessage = ({ data }) => listener.message(readMessage(data));
    socket.onclose = () => {
      if (!isOver) listener.status('lost');
    };
  };
  begin().catch(() => listener.status('lost'));
  return () => {
    isOver = true;
    socket?.close();
  };
}
