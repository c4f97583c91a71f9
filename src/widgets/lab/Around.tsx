/** What happens to all at once: time, the broker's end and beginning, how long packets take, and what TCP does not do. */
import { useState } from 'preact/hooks';
import type { Input, LinkSetup, Setup } from '#broker/index.ts';
import { Check, Count, Press } from '../client/controls.tsx';
import { BrokerSettings } from './Settings.tsx';
import type { LabWords } from './say.ts';

export interface AroundProps {
  words: LabWords;
  live: boolean;
  setup: Setup;
  perform(input: Input): void;
  change(setup: Setup): void;
}

/** Thirty days, in seconds. */
const LONGEST_WAIT = 2_592_000;
const LONGEST_DELAY = 3_600_000;

export function Around(props: AroundProps) {
  const { words, live, perform } = props;
  const { world } = words.lab;
  const [seconds, setSeconds] = useState(60);
  return (
    <section class="around">
      <h2>{world.heading}</h2>
      <form
        class="lab-bar"
        onSubmit={(event) => {
          event.preventDefault();
          perform({ do: 'wait', time: seconds * 1000 });
        }}
      >
        <button type="submit" class="btn s" disabled={!live}>
          {world.wait}
        </button>
        <label class="lab-unit">
          <span class="vh-hide">{world.seconds}</span>
          <input
            class="field sm"
            type="number"
            min={0}
            max={LONGEST_WAIT}
            disabled={!live}
            value={seconds}
            onInput={({ currentTarget }) => {
              const { valueAsNumber } = currentTarget;
              if (valueAsNumber >= 0 && valueAsNumber <= LONGEST_WAIT) setSeconds(valueAsNumber);
            }}
          />
          <span aria-hidden="true">{world.second}</span>
        </label>
      </form>
      <div class="lab-bar">
        <Press live={live} press={() => perform({ do: 'restart', keeps: true })}>
          {world.restartKeeping}
        </Press>
        <Press live={live} press={() => perform({ do: 'restart', keeps: false })}>
          {world.restart}
        </Press>
      </div>
      <BrokerSettings {...props} />
      <Links {...props} />
      <NotTcp {...props} />
    </section>
  );
}

/** How long packets take, and what chance may do. */
function Links({ words, live, setup, change }: AroundProps) {
  const { links } = words.lab;
  const { link = {} } = setup;
  const set = (key: keyof LinkSetup, value: number | undefined) => {
    const { [key]: _, ...others } = link;
    const next = value ? { ...others, [key]: value } : others;
    const { link: __, ...rest } = setup;
    change(Object.keys(next).length === 0 ? rest : { ...rest, link: next });
  };
  return (
    <details class="lab-options">
      <summary>{links.heading}</summary>
      <p class="lab-about">{links.about}</p>
      <Count
        label={links.delay}
        live={live}
        value={link.delay}
        max={LONGEST_DELAY}
        placeholder="0"
        set={(delay) => set('delay', delay)}
      />
      <Count
        label={links.jitter}
        live={live}
        value={link.jitter}
        max={LONGEST_DELAY}
        placeholder="0"
        set={(jitter) => set('jitter', jitter)}
      />
      <Count
        label={links.breaks}
        live={live}
        value={link.breaks === undefined ? undefined : Math.round(link.breaks * 100)}
        max={100}
        placeholder="0"
        set={(percent) => set('breaks', percent === undefined ? undefined : percent / 100)}
      />
      <Count
        label={links.seed}
        live={live}
        value={setup.seed}
        max={0xffff_ffff}
        placeholder="0"
        set={(seed) => {
          const { seed: _, ...rest } = setup;
          change(seed === undefined ? rest : { ...rest, seed });
        }}
      />
    </details>
  );
}

/** What a stream does not do, for those who wonder what if: the stepper offers it once it is let happen. */
function NotTcp({ words, live, setup, change }: AroundProps) {
  const { notTcp } = words.lab;
  return (
    <details class="lab-options">
      <summary>{notTcp.heading}</summary>
      <p class="lab-about">{notTcp.about}</p>
      <Check
        label={notTcp.allow}
        live={live}
        value={setup.notTcp ?? false}
        set={(on) => {
          const { notTcp: _, ...rest } = setup;
          change(on ? { ...rest, notTcp: true } : rest);
        }}
      />
    </details>
  );
}
