/**
 * Astro integration: a broker runs while the site is served by `astro dev` or `astro preview`. This file knows Astro's
 * hooks and Vite's module loader, and what to print; the broker itself is behind `behind.ts`.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { relative, sep } from 'node:path';
import type { AstroIntegration, AstroIntegrationLogger } from 'astro';
import { BROKER_FILE, LIVE_PATH, LOOPBACK, MQTT_PORT } from '../../broker/ports.ts';
// Static on purpose: Astro closes what loads its configuration before hooks run, so that import() in a hook fails.
import { Broker } from '../../broker/server/broker.ts';
import { publishCommand, subscribeCommand } from '../widgets/live/commands.ts';
import { BrokerBehindSite, type BrokerClass, PATHS } from './behind.ts';

/** The module whose `Broker` is loaded anew when a file of the engine changes. */
const ENGINE = '/broker/server/broker.ts';

/** What outlives a restart of Astro's own: a changed configuration starts the new server before the old one has ended. */
interface Kept {
  readonly behind: BrokerBehindSite;
  servers: number;
}

const KEY = Symbol.for('glass-broker');

function kept(): Kept {
  const place = globalThis as { [KEY]?: Kept };
  place[KEY] ??= { behind: new BrokerBehindSite(), servers: 0 };
  return place[KEY];
}

export default function broker(): AstroIntegration {
  let isDev = false;
  return {
    name: 'broker',
    hooks: {
      'astro:config:setup': async ({ command, updateConfig, logger }) => {
        isDev = command === 'dev';
        if (command !== 'preview') return;
        const { behind } = kept();
        behind.complain = (line) => logger.error(line);
        behind.use(Broker as BrokerClass);
        await listen(behind, logger);
        const port = await serveBeside(behind);
        // The preview server has no hook of its own, and passes on what it is told to.
        const target = { target: `http://${LOOPBACK[0]}:${port}`, ws: true };
        const proxy = Object.fromEntries(PATHS.map((path) => [`^${path}$`, target]));
        updateConfig({ vite: { preview: { proxy } } });
        logger.info(invitation(behind.port, LIVE_PATH));
      },
      'astro:server:setup': async ({ server, logger }) => {
        // A build has a server of this kind too, to read the content.
        if (!isDev) return;
        const { behind } = kept();
        kept().servers++;
        behind.complain = (line) => logger.error(line);
        const load = async () => {
          server.environments.ssr.moduleGraph.invalidateAll();
          const { Broker: BrokerOfNow } = await server.ssrLoadModule(ENGINE);
          behind.use(BrokerOfNow as BrokerClass);
        };
        // A restart of Astro's leaves the broker and its clients alone.
        if (!behind.isServing) await load();
        await listen(behind, logger);
        const root = server.config.root;
        const reload = oneAtATime(async () => {
          await load();
          logger.info('The broker runs on its new code. Clients that were connected have to connect again.');
        }, logger);
        server.watcher.on('change', (file) => {
          const path = relative(root, file).split(sep).join('/');
          if (/^(broker\/node|src\/integrations)\//.test(path))
            logger.warn(`${path} is in use: stop and start again to run what it says now.`);
          else if (path.startsWith('broker/')) reload();
        });
        server.middlewares.use(BROKER_FILE, (request, response) => behind.answer(request, response));
        if (server.httpServer) behind.attach(server.httpServer as Server);
      },
      'astro:server:start': ({ address, logger }) => {
        logger.info(invitation(kept().behind.port, `${siteAt(address)}${LIVE_PATH}`));
      },
      'astro:server:done': async () => {
        if (isDev && --kept().servers === 0) await kept().behind.close();
      },
    },
  };
}

async function listen(behind: BrokerBehindSite, logger: AstroIntegrationLogger): Promise<void> {
  if (behind.port !== undefined) return;
  try {
    await behind.listen(MQTT_PORT);
    if (behind.port !== MQTT_PORT)
      logger.warn(`Port ${MQTT_PORT} is taken; the broker is on ${behind.port}.`);
  } catch (error) {
    logger.error(`There is no MQTT over TCP: ${error instanceof Error ? error.message : error}`);
  }
}

/** A server of our own, for the preview server to pass requests on to. Returns its port. */
async function serveBeside(behind: BrokerBehindSite): Promise<number> {
  const server = createServer((request, response) => behind.answer(request, response));
  behind.attach(server);
  await new Promise<void>((resolve) => server.listen(0, LOOPBACK[0], resolve));
  server.unref();
  return (server.address() as AddressInfo).port;
}

/** Runs `task` when called, and once more if called while it runs. */
function oneAtATime(task: () => Promise<void>, logger: AstroIntegrationLogger): () => void {
  let running = false;
  let again = false;
  const run = async () => {
    running = true;
    do {
      again = false;
      await task().catch((error) => logger.error(`The broker keeps its old code. ${error}`));
    } while (again);
    running = false;
  };
  return () => {
    again = true;
    if (!running) void run();
  };
}

/** What to type, and where to look. */
function invitation(port: number | undefined, page: string): string {
  if (port === undefined) return '';
  return `A broker is on port ${port}, for this machine only. See it at ${page}

    ${subscribeCommand(port)}
    ${publishCommand(port)}
`;
}

function siteAt({ address, family, port }: AddressInfo): string {
  const isLocal = LOOPBACK.includes(address) || address === '::' || address === '0.0.0.0';
  return `http://${isLocal ? 'localhost' : family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
