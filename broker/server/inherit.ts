// What of a broker another one takes over that comes after it, as when the first has crashed and had kept all on a disk. Knows
// what outlives a broker; where it was kept meanwhile is not asked here.
import type { Broker } from './broker.ts';
import type { Session } from './session.ts';

/**
 * Whether anything of a session is to be kept beyond the end of the broker: it goes on without a connection
 * [v3 MQTT-4.1.0-1] [v5 MQTT-4.1.0-1], or at least its will has to be published [MQTT-3.1.2-8].
 */
export function outlives({ expiryInterval, will }: Session): boolean {
  return expiryInterval > 0 || will !== undefined;
}

/** Whether a retained message is the broker's own word on itself, which its successor says anew. */
export function isOwnWord(topic: string): boolean {
  return topic.startsWith('$SYS/');
}

/**
 * Lets a new broker begin with what its predecessor knew. For clients that were connected to that one, the connection ends now.
 * @param former is not to be used any more, nor are its connections
 */
export function inherit(heir: Broker, former: Broker): void {
  for (const message of former.retained.snapshot())
    if (!isOwnWord(message.topic)) heir.retained.store(message);
  const sessions = [...former.sessions].filter(outlives);
  for (const session of sessions) if (session.expiryInterval === 0) session.subscriptions.clear();
  heir.adopt(sessions);
}
