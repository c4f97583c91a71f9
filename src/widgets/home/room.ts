// Who is there when the home page opens: a publisher, the broker, and three subscribers with a topic filter each, all of
// them connected. Plain data; it knows nothing of what is published.
import { type Input, type QoS, type Setup, type Version, World } from '#broker/index.ts';

export const VERSION: Version = 4;

export const PUBLISHER = 'p1';

export const SUBSCRIBERS = [
  { name: 'phone', topicFilter: 'Room1/#' },
  { name: 'display', topicFilter: '+/Light' },
  { name: 'heater', topicFilter: 'Room2/#' },
] as const;

export const SETUP: Setup = {
  version: VERSION,
  clients: [{ name: PUBLISHER }, ...SUBSCRIBERS.map(({ name }) => ({ name }))],
};

/** The highest QoS, so that copies travel as the publisher wished. */
const GRANTED: QoS = 2;

/** What happened before anyone looked. */
export const BEFORE: readonly Input[] = furnish();

function furnish(): readonly Input[] {
  const world = new World(SETUP);
  for (const { name } of SETUP.clients) world.apply({ do: 'connect', client: name });
  settle(world);
  for (const { name, topicFilter } of SUBSCRIBERS) {
    world.apply({ do: 'subscribe', client: name, topicFilter, qos: GRANTED });
  }
  settle(world);
  return world.inputs;
}

/** Lets everything arrive that is under way, and what is sent because of it. */
export function settle(world: World): void {
  for (let flight = world.next(); flight !== undefined; flight = world.next()) {
    world.apply({ do: 'deliver', flight: flight.number });
  }
}
