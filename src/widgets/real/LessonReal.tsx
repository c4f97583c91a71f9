/**
 * A lesson's figure at a real broker: its clients, what they can do, and what comes next in its story. It stands in the place
 * of the run in the page, and leads back to it.
 */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { dictionary } from '../../i18n/index.ts';
import { fill } from '../../i18n/phrase.ts';
import type { Scenario } from '../../lessons/scenario.ts';
import { Act } from '../client/Act.tsx';
import { askedFor } from '../client/asked.ts';
import { Clients } from '../client/Clients.tsx';
import { refusalText } from '../refusal.ts';
import type { StepperWords } from '../stepper/tell.ts';
import { RealStage } from './RealStage.tsx';
import { Story } from './Story.tsx';
import { type Target, useReal } from './useReal.ts';
import { type Place, Where } from './Where.tsx';

export interface LessonRealProps {
  words: StepperWords;
  lang: string;
  id: string;
  scenario: Scenario;
  /** Where it is at first. */
  opens: Place;
  /** Leads to the run in the page. */
  back(): void;
}

export function LessonReal({ words: own, lang, id, scenario, opens, back }: LessonRealProps) {
  const words = useMemo(() => {
    const { client, real, refusals } = dictionary(lang);
    return { ...own, client, real, refusals };
  }, [own, lang]);
  const [target, aim] = useState<Target>();
  const { setup } = scenario;
  const { world, mark = '', trouble, telling, refused, perform } = useReal(target, setup, false);
  const [chosen, choose] = useState(setup.clients[0]?.name ?? '');
  const root = useRef<HTMLElement>(null);
  const moment = world?.line.moments.at(-1);
  const client = setup.clients.find(({ name }) => name === chosen);
  const links = Object.values(moment?.links ?? {});
  useEffect(() => root.current?.querySelector<HTMLElement>('.where input:checked')?.focus(), []);
  return (
    <section class="lesson-real not-content" ref={root} aria-label={words.real.where.label}>
      <Where
        words={words.real.where}
        id={id}
        live={true}
        opens={opens}
        target={target}
        trouble={trouble}
        telling={telling}
        choose={(next, place) => (place === 'page' ? back() : aim(next))}
      />
      {world && (
        <>
          <p class="about">{words.real.inLesson}</p>
          <Story words={words} scenario={scenario} perform={perform} />
          <p class="refused" role="status">
            {refused && fill(words.client.act.refused, { why: refusalText(refused, words.refusals) })}
          </p>
          <RealStage
            words={words}
            lang={lang}
            id={id}
            world={world}
            isTold={target?.feed !== undefined}
            mark={mark}
            keepsTyped={false}
            perform={perform}
          />
          <div class="panel">
            <Clients
              words={words.client.clients}
              live={true}
              participants={world.participants()}
              names={setup.clients.map(({ name }) => name)}
              links={moment?.links ?? {}}
              chosen={chosen}
              choose={choose}
            />
            {client && (
              <Act
                key={client.name}
                words={words.client}
                live={true}
                client={client.name}
                version={client.version ?? setup.version}
                link={moment?.links[client.name] ?? 'none'}
                isConnected={moment?.snapshot.clients[client.name]?.connected ?? false}
                filters={askedFor(world.line.inputs, client.name)}
                leads={links.every((link) => link === 'none')}
                perform={perform}
              />
            )}
          </div>
        </>
      )}
    </section>
  );
}
