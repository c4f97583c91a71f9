// A broker of a configuration file, on free ports of this machine, and clients that connect to it.
import { onTestFinished } from 'vitest';
import { type Configuration, configure } from '#broker/node/config/configuration.ts';
import { read } from '#broker/node/config/read.ts';
import { type ConnectedClient, type ConnectOptions, connect, Refused } from '#broker/node/index.ts';
import { type Serving, serve } from '#broker/node/serve.ts';
import type { TraceEvent } from '#broker/session/trace.ts';
import { folder } from './files.ts';

export interface Served {
  readonly serving: Serving;
  readonly trace: readonly TraceEvent[];
  readonly notes: readonly string[];
  /** The ports of the listeners, in the order in which the configuration has them. */
  readonly ports: readonly number[];
  /** Reads another file, and goes by it. */
  reload(content: string): void;
  /** Connects a client to the first listener, or another. */
  client(options?: ConnectOptions & { listener?: number; scheme?: 'mqtt' | 'ws' }): Promise<ConnectedClient>;
  /** The reason code with which a client is refused; 0 if it is let in. */
  answer(options?: ConnectOptions & { listener?: number; scheme?: 'mqtt' | 'ws' }): Promise<number>;
}

/** A configuration whose ports are any that are free. The broker says nothing of itself unless it is told to. */
function anywhere(content: string): Configuration {
  const quiet = content.includes('sys_interval') ? '' : '\nsys_interval 0\n';
  const configuration = configure(read(folder().write('mosquitto.conf', content + quiet)));
  const listeners = configuration.listeners.map((listener) => ({
    ...listener,
    at: 'path' in listener.at ? listener.at : { ...listener.at, port: 0, addresses: ['127.0.0.1'] },
  }));
  return { ...configuration, listeners };
}

/** Starts a broker, which is closed when the test is over. */
export async function served(content: string): Promise<Served> {
  const configuration = anywhere(content);
  const trace: TraceEvent[] = [];
  const notes: string[] = [];
  const environment = { trace: (event: TraceEvent) => void trace.push(event) };
  const serving = await serve(configuration, { environment, note: (_type, text) => notes.push(text) });
  onTestFinished(() => serving.close());
  const ports = configuration.listeners.map(({ at }) => serving.portsOf.get(at) as number);
  const client: Served['client'] = async ({ listener = 0, scheme = 'mqtt', ...options } = {}) => {
    const connected = await connect(`${scheme}://127.0.0.1:${ports[listener]}`, options);
    onTestFinished(() => connected.disconnect().catch(() => {}));
    return connected;
  };
  return {
    serving,
    trace,
    notes,
    ports,
    client,
    reload: (next) => serving.reload(anywhere(next)),
    async answer(options) {
      try {
        await (await client(options)).disconnect();
        return 0;
      } catch (error) {
        if (error instanceof Refused) return error.connack.reasonCode;
        throw error;
      }
    },
  };
}
