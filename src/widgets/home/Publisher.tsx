/** The publisher: a topic, a message, a QoS, and the button. It refuses what no PUBLISH can carry, and says why. */
import { useId, useRef, useState } from 'preact/hooks';
import type { QoS } from '#broker/index.ts';
import { StatementRef } from '../packet/StatementRef.tsx';
import { Who } from '../packet/Who.tsx';
import type { HomeWords } from './Home.tsx';
import { objection, objectionText } from './objection.ts';
import { PUBLISHER, VERSION } from './room.ts';
import { FIRST, type Publication } from './run.ts';

export interface PublisherProps {
  words: HomeWords;
  isReady: boolean;
  publish(publication: Publication): void;
}

/** Characters; what is longer belongs into a lesson. */
const LONGEST = 60;

export function Publisher({ words: { home, packet }, isReady, publish }: PublisherProps) {
  const words = home.publisher;
  const [publication, setPublication] = useState(FIRST);
  const [wasRefused, setRefused] = useState(false);
  const topicField = useRef<HTMLInputElement>(null);
  const id = useId();
  const fault = wasRefused ? objection(publication) : undefined;
  const change = (part: Partial<Publication>) => setPublication({ ...publication, ...part });
  const submit = (event: Event) => {
    event.preventDefault();
    const isRefused = objection(publication) !== undefined;
    setRefused(isRefused);
    if (isRefused) topicField.current?.focus();
    else publish(publication);
  };
  const field = {
    class: 'field',
    maxLength: LONGEST,
    autocomplete: 'off',
    autocapitalize: 'off',
    spellcheck: false,
  } as const;
  return (
    <form class="pubc" aria-labelledby={`${id}-heading`} onSubmit={submit}>
      <h2 id={`${id}-heading`}>
        <Who party={{ name: words.heading, role: 'publisher' }} />
        <span class="lab">{PUBLISHER}</span>
      </h2>
      <fieldset class="fields" disabled={!isReady}>
        <label>
          <span class="lab">{words.topic}</span>
          <input
            {...field}
            ref={topicField}
            value={publication.topic}
            aria-invalid={fault !== undefined}
            aria-describedby={fault && `${id}-fault`}
            onInput={({ currentTarget }) => change({ topic: currentTarget.value })}
          />
        </label>
        {fault && (
          <p class="fault" id={`${id}-fault`} role="alert">
            {objectionText(fault, home.faults)}{' '}
            {fault.rule && <StatementRef id={fault.rule} version={VERSION} words={packet.statement} />}
          </p>
        )}
        <label>
          <span class="lab">{words.message}</span>
          <input
            {...field}
            value={publication.message}
            onInput={({ currentTarget }) => change({ message: currentTarget.value })}
          />
        </label>
        <div class="rw">
          <span class="lab" aria-hidden="true">
            {words.qos}
          </span>
          <fieldset class="seg" aria-label={words.qos}>
            {([0, 1, 2] as const satisfies QoS[]).map((qos) => (
              <label key={qos}>
                <input
                  type="radio"
                  class="vh-hide"
                  name={`${id}-qos`}
                  checked={publication.qos === qos}
                  onChange={() => change({ qos })}
                />
                {qos}
              </label>
            ))}
          </fieldset>
          <label class="chk">
            <input
              type="checkbox"
              checked={publication.retain}
              onChange={({ currentTarget }) => change({ retain: currentTarget.checked })}
            />
            {words.retain}
          </label>
        </div>
        <button type="submit" class="btn go">
          {words.publish}
        </button>
      </fieldset>
    </form>
  );
}
