/**
 * The wires to the left and to the right of the broker, with the packets of one publication on them, each on a lane of
 * its own in the order of sending. It knows which way a packet goes and how far it has come.
 */
import type { Flight } from '#broker/index.ts';
import { fill } from '../../i18n/phrase.ts';
import { Capsule } from '../packet/Capsule.tsx';
import type { HomeWords } from './Home.tsx';
import { PUBLISHER } from './room.ts';
import type { Scene } from './scene.ts';

export interface WireProps {
  words: HomeWords;
  scene: Scene;
  /** The number of the packet that the broker shows. */
  opened: number | undefined;
  open(flight: number): void;
}

export function PublisherWire(props: WireProps) {
  return (
    <div class="wires one">
      <Lanes {...props} flights={props.scene.sent} client={PUBLISHER} />
    </div>
  );
}

export function SubscriberWires(props: WireProps) {
  return (
    <div class="wires">
      {props.scene.subscribers.map(({ name, flights }) => (
        <Lanes key={name} {...props} flights={flights} client={name} />
      ))}
    </div>
  );
}

function Lanes({
  words,
  flights,
  client,
  opened,
  open,
}: WireProps & { flights: readonly Flight[]; client: string }) {
  if (flights.length === 0) return <div class="lanes" />;
  return (
    <ul class="lanes" aria-label={fill(words.home.wire, { client })}>
      {flights.map(({ number, frame, version, from, state }, index) => {
        const isOnward = (from === client) === (client === PUBLISHER);
        return (
          <li
            key={number}
            class={`lane ${isOnward ? 'on' : 'back'} ${state === 'delivered' ? 'there' : 'under-way'}`}
          >
            <Capsule
              frame={frame}
              version={version}
              words={words.packet.capsule}
              state={state}
              class={index === 0 ? '' : 'small'}
              aria-pressed={number === opened}
              onPress={() => open(number)}
            />
          </li>
        );
      })}
    </ul>
  );
}
