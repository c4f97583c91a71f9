/** What each party remembers right now, with what the last step did to it: new, changed (the old words struck), let go. */
import type { Dictionary } from '../../i18n/index.ts';
import { fill, plural } from '../../i18n/phrase.ts';
import type { Participant } from '../../lessons/scenario.ts';
import { Glyph } from '../packet/Who.tsx';
import { givenTo } from './gifts.ts';
import { brokerOf, type Change, changes, handshakeOfItem, stateOf } from './memory.ts';
import { readingOf } from './reading.ts';
import { compare, itemText } from './tell.ts';
import type { Timeline } from './timeline.ts';
import './remembers.css';

export interface RemembersProps {
  words: Dictionary['stepper'];
  lang: string;
  line: Timeline;
  at: number;
  participants: readonly Participant[];
  /** Whose memory is shown; everybody's, if nothing is said. */
  of?: readonly Participant[];
  /** The handshake that is pointed at. */
  lit?: string | undefined;
  light?(handshake: string | undefined): void;
}

/** So many messages that nothing happened to are shown. */
const LATEST = 8;

export function Remembers(props: RemembersProps) {
  const { words, lang, line, at, participants, of = participants, lit, light } = props;
  const reading = readingOf(line, participants);
  const broker = brokerOf(participants);
  return (
    <div class={of.length > 4 ? 'mems many' : 'mems'}>
      {of.map((participant) => {
        const { name, role } = participant;
        const [now, before] = [line.moments[at], line.moments[at - 1]].map(
          (moment) => moment && stateOf(participant, moment, participants, line.tells),
        );
        const given = givenTo(reading, name, at, LATEST);
        const items = [...changes(name, now ?? [], before), ...given.shown];
        return (
          <div class="mm" key={name}>
            <p class="hd">
              <Glyph role={role} />
              <span>
                {fill(words.remembers.heading, {
                  role: isOnly(role, participants) ? words.roles[role] : name,
                })}
              </span>
            </p>
            {given.earlier > 0 && <p class="nil">{plural(words.remembers.earlier, given.earlier, lang)}</p>}
            {items.length === 0 && <p class="nil">{words.remembers.nothing}</p>}
            <ul>
              {items.map((each) => {
                const handshake = handshakeOfItem(name, each.item, broker);
                return (
                  <li
                    key={each.key}
                    class={`${each.change} ${handshake !== undefined && handshake === lit ? 'lit' : ''}`}
                    onPointerEnter={() => light?.(handshake)}
                    onPointerLeave={() => light?.(undefined)}
                  >
                    <Entry words={words} lang={lang} ofBroker={role === 'broker'} change={each} />
                  </li>
                );
              })}
            </ul>
          </div>
        );
      })}
    </div>
  );
}

/** Where two have the same role, their names tell them apart. */
function isOnly(role: Participant['role'], participants: readonly Participant[]): boolean {
  return participants.filter((each) => each.role === role).length === 1;
}

interface EntryProps {
  words: Dictionary['stepper'];
  lang: string;
  ofBroker: boolean;
  change: Change;
}

function Entry({ words, lang, ofBroker, change: { item, was, change } }: EntryProps) {
  const { name, text } = itemText(item, ofBroker, words, lang);
  const old = was ? itemText(was, ofBroker, words, lang).text : text;
  return (
    <>
      <b>{name}</b>
      <span class="mk">{words.remembers.changes[change]}</span>
      <span class="tx">
        {change === 'gone' ? (
          <del>{text}</del>
        ) : (
          compare(old, text).map(({ kind, text: word }, index) => {
            const key = `${index} ${word}`;
            return kind === 'old' ? <del key={key}>{word} </del> : <span key={key}>{word} </span>;
          })
        )}
      </span>
    </>
  );
}
