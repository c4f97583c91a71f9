/** What the chosen client can be made to do: connect and leave, publish, subscribe, and what befalls its link. */
import { useState } from 'preact/hooks';
import { type Input, type QoS, REASON, type Version } from '#broker/index.ts';
import type { Dictionary } from '../../i18n/index.ts';
import { fill } from '../../i18n/phrase.ts';
import { Segments } from '../stepper/Segments.tsx';
import type { LinkState } from '../stepper/timeline.ts';
import { Check, Choice, Count, Field, Press, Text } from './controls.tsx';
import { optionsOf, PUBLISH_ROWS, type PublishForm, propertiesOf, type SubscribeForm } from './publish.ts';
import { reasonText } from './say.ts';
import './client.css';

type Words = Dictionary['client'];

export interface ActProps {
  words: Words;
  live: boolean;
  client: string;
  version: Version;
  link: LinkState;
  /** CONNACK has come. */
  isConnected: boolean;
  /** To connect is the next thing to do. */
  leads: boolean;
  /** The topic filters that it is subscribed to, as the broker knows them. */
  filters: readonly string[];
  perform(input: Input): void;
}

const QOS = [0, 1, 2] as const;
/** What a client may give as its reason to leave (5.0, section 3.14.2.1). */
const LEAVES = [
  REASON.NormalDisconnection,
  REASON.DisconnectWithWillMessage,
  REASON.UnspecifiedError,
  REASON.ImplementationSpecificError,
  REASON.AdministrativeAction,
] as const;

export function Act(props: ActProps) {
  const { words, live, client, link, perform } = props;
  const act = words.act;
  const isAway = link === 'none';
  return (
    <section class="lab-act">
      <h2>{fill(act.heading, { client })}</h2>
      <div class="lab-bar">
        {isAway || link === 'frozen' ? (
          <Press
            live={live}
            kind={props.leads ? 's go' : 's'}
            press={() => perform({ do: 'connect', client })}
          >
            {isAway ? act.connect : act.reconnect}
          </Press>
        ) : (
          <Leave {...props} />
        )}
        <Press
          live={live}
          off={isAway}
          why={fill(act.away, { client })}
          press={() => perform({ do: 'cut', client })}
        >
          {act.cut}
        </Press>
        <Press
          live={live}
          off={isAway}
          why={fill(act.away, { client })}
          press={() => perform({ do: link === 'frozen' ? 'thaw' : 'freeze', client })}
        >
          {link === 'frozen' ? act.thaw : act.freeze}
        </Press>
      </div>
      <Publish {...props} />
      <Subscribe {...props} />
    </section>
  );
}

function Leave({ words, live, client, version, perform }: ActProps) {
  const [reason, setReason] = useState(0);
  const { act } = words;
  return (
    <>
      <Press
        live={live}
        press={() =>
          perform({ do: 'disconnect', client, ...(version === 5 && reason > 0 && { reasonCode: reason }) })
        }
      >
        {act.disconnect}
      </Press>
      {version === 5 && (
        <Choice
          label={act.reason}
          live={live}
          value={String(reason)}
          options={LEAVES.map((code) => ({ key: String(code), text: reasonText(code) }))}
          set={(code) => setReason(Number(code))}
        />
      )}
    </>
  );
}

function Publish({ words, live, client, version, perform }: ActProps) {
  const [topic, setTopic] = useState('Room1/Light');
  const [payload, setPayload] = useState('Turn On');
  const [qos, setQos] = useState<QoS>(1);
  const [retain, setRetain] = useState(false);
  const [form, setForm] = useState<PublishForm>({});
  const { act, properties: names } = words;
  return (
    <form
      class="does-one"
      onSubmit={(event) => {
        event.preventDefault();
        const properties = version === 5 ? propertiesOf(form) : undefined;
        perform({
          do: 'publish',
          client,
          topic,
          payload,
          qos,
          ...(retain && { retain }),
          ...(properties && { properties }),
        });
      }}
    >
      <Text label={act.topic} live={live} value={topic} set={setTopic} />
      <Text label={act.message} live={live} value={payload} set={setPayload} />
      <Quality name="lab publish" words={words} live={live} qos={qos} set={setQos} />
      <Check label={act.retain} live={live} value={retain} set={setRetain} />
      {version === 5 && (
        <details class="lab-options">
          <summary>{act.properties}</summary>
          {PUBLISH_ROWS.map((row) => (
            <Field
              key={row.key}
              row={row}
              label={names[row.key]}
              live={live}
              value={form[row.key]}
              set={(value) => setForm({ ...form, [row.key]: value })}
            />
          ))}
        </details>
      )}
      <button type="submit" class="btn s" disabled={!live}>
        {act.publish}
      </button>
    </form>
  );
}

const HANDLINGS = [0, 1, 2] as const;

function Subscribe({ words, live, client, version, filters, isConnected, perform }: ActProps) {
  const [topicFilter, setFilter] = useState('Room1/#');
  const [form, setForm] = useState<SubscribeForm>({});
  const [qos, setQos] = useState<QoS>(1);
  const { act } = words;
  return (
    <form
      class="does-one"
      onSubmit={(event) => {
        event.preventDefault();
        const options = version === 5 ? optionsOf(form) : {};
        if (isConnected) perform({ do: 'subscribe', client, topicFilter, qos, ...options });
      }}
    >
      <Text label={act.filter} live={live} value={topicFilter} set={setFilter} />
      <Quality name="lab subscribe" words={words} live={live} qos={qos} set={setQos} />
      {version === 5 && (
        <details class="lab-options">
          <summary>{act.options}</summary>
          <Check
            label={act.noLocal}
            live={live}
            value={form.noLocal ?? false}
            set={(noLocal) => setForm({ ...form, noLocal })}
          />
          <Check
            label={act.retainAsPublished}
            live={live}
            value={form.retainAsPublished ?? false}
            set={(retainAsPublished) => setForm({ ...form, retainAsPublished })}
          />
          <Choice
            label={act.retainHandling}
            live={live}
            value={String(form.retainHandling ?? 0)}
            options={HANDLINGS.map((each) => ({ key: String(each), text: act.handlings[each] }))}
            set={(key) => setForm({ ...form, retainHandling: Number(key) as 0 | 1 | 2 })}
          />
          <Count
            label={act.identifier}
            live={live}
            value={form.subscriptionIdentifier}
            min={1}
            max={268_435_455}
            set={(subscriptionIdentifier) => setForm({ ...form, subscriptionIdentifier })}
          />
        </details>
      )}
      <button
        type="submit"
        class="btn s"
        disabled={!live}
        aria-disabled={!isConnected}
        title={isConnected ? undefined : fill(act.away, { client })}
      >
        {act.subscribe}
      </button>
      {filters.map((filter) => (
        <Press
          key={filter}
          live={live}
          kind="s q"
          off={!isConnected}
          why={fill(act.away, { client })}
          press={() => perform({ do: 'unsubscribe', client, topicFilter: filter })}
        >
          {act.unsubscribe} <code class="m">{filter}</code>
        </Press>
      ))}
    </form>
  );
}

function Quality({
  name,
  words,
  live,
  qos,
  set,
}: {
  name: string;
  words: Words;
  live: boolean;
  qos: QoS;
  set(qos: QoS): void;
}) {
  return (
    <div class="lab-row">
      <span>{words.act.qos}</span>
      <Segments
        name={name}
        label={words.act.qos}
        live={live}
        options={QOS.map((each) => ({ key: String(each), text: String(each) }))}
        chosen={String(qos)}
        choose={(key) => set(Number(key) as QoS)}
      />
    </div>
  );
}
