// Mosquitto and our broker, each as the same file says, on ports of their own.
import { listen } from '#broker/node/index.ts';
import { folder } from '../node/files.ts';
import { served } from '../node/served.ts';
import { run } from '../process.ts';

export interface Started {
  /** The ports of the listeners, in the file's order. */
  readonly ports: readonly number[];
  /** What the broker has said of the file. */
  said(): readonly string[];
}

/** Starts ours. */
export async function ours(content: string): Promise<Started> {
  const { ports, notes } = await served(content);
  return { ports, said: () => notes };
}

/** Starts Mosquitto. The ports of the file give way to free ones. */
export async function mosquitto(content: string): Promise<Started> {
  const lines = `${content}\nsys_interval 0`.split('\n');
  const count = lines.filter((line) => line.startsWith('listener ')).length;
  const free = await Promise.all(Array.from({ length: count }, () => listen({ port: 0 })));
  const ports = free.map(({ port }) => port as number);
  for (const listening of free) await listening.close();
  const left = [...ports];
  const written = lines.map((line) =>
    line.startsWith('listener ') ? `listener ${left.shift()} 127.0.0.1` : line,
  );
  const path = `${process.env.PATH}:/usr/sbin:/usr/local/sbin`;
  const file = folder().write('mosquitto.conf', written.join('\n'));
  const broker = run('mosquitto', ['-c', file], { PATH: path });
  await broker.says('running');
  return {
    ports,
    said: () =>
      broker
        .said()
        .split('\n')
        .map((line) => line.replace(/^\d+: /, '')),
  };
}
