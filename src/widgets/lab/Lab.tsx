/**
 * The lab: a world built by hand. At the left who is in it and what they can do, beside it the stepper, under both the
 * script and what it can be compared with; or all of it at a real broker, where there is no script. It puts the parts
 * together; what a change does is `lab.ts`'s affair.
 */
import { useMemo, useState } from 'preact/hooks';
import type { Dictionary } from '../../i18n/index.ts';
import { fill } from '../../i18n/phrase.ts';
import { sharedWords } from '../../i18n/shared.ts';
import { RealStage } from '../real/RealStage.tsx';
import { type Target, useReal } from '../real/useReal.ts';
import { Where } from '../real/Where.tsx';
import { refusalText } from '../refusal.ts';
import { Stepper } from '../stepper/Stepper.tsx';
import { Compare } from './Compare.tsx';
import { moveLine, removeLine, STORY } from './lab.ts';
import { Panel } from './Panel.tsx';
import { Script } from './Script.tsx';
import type { LabWords } from './say.ts';
import { type LabState, useLab } from './useLab.ts';
import './lab.css';

export interface LabProps {
  words: Pick<Dictionary, 'client' | 'lab' | 'real' | 'refusals' | 'stepper' | 'worldLink'>;
  lang: string;
}

export function Lab({ words: own, lang }: LabProps) {
  const words: LabWords = useMemo(() => ({ ...own, ...sharedWords(lang) }), [own, lang]);
  const state = useLab(words, lang);
  const { lab, run, shown, live, note, left } = state;
  const [target, aim] = useState<Target>();
  const real = useReal(target, lab.setup, true);
  const { world, mark = '' } = real;
  const line = world?.line ?? shown.line;
  const variants = useMemo(() => [{ key: STORY, scenario: state.first.scenario }], []);
  // What the stepper tells the lab does not draw the stepper again: the same element is left alone.
  const stepper = useMemo(
    () => (
      <Stepper
        id="lab"
        linked={false}
        variants={variants}
        opens={STORY}
        order={state.order}
        words={words}
        lang={lang}
        onMoment={state.onMoment}
      />
    ),
    [state.order, words, lang],
  );
  const refused =
    real.refused && fill(words.client.act.refused, { why: refusalText(real.refused, words.refusals) });
  return (
    <section class="lab-page not-content" aria-label={words.lab.label}>
      <Where
        words={words.real.where}
        id="lab"
        live={live}
        opens="page"
        target={target}
        trouble={real.trouble}
        telling={real.telling}
        choose={aim}
      />
      <Tools words={words.lab.tools} state={state} />
      <p class={refused || note?.isFault ? 'lab-note fault' : 'lab-note'} role="status">
        {refused ?? note?.text ?? (left && words.lab.tools.kept)}
      </p>
      <div class="bench">
        <Panel
          words={words}
          live={live}
          lab={lab}
          mark={world && mark}
          participants={world?.participants() ?? run.scenario.participants}
          moment={world ? line.moments.at(-1) : line.moments[run.at]}
          inputs={line.inputs}
          change={state.change}
          perform={world ? real.perform : state.perform}
        />
        <div class="figure-part">
          {state.isInserting && (
            <p class="inserting">
              {fill(words.lab.act.inserting, { line: run.at })}{' '}
              <button type="button" class="btn s q" onClick={state.append}>
                {words.lab.act.append}
              </button>
            </p>
          )}
          {world ? (
            <RealStage
              words={words}
              lang={lang}
              id="lab"
              world={world}
              isTold={target?.feed !== undefined}
              mark={mark}
              keepsTyped={true}
              perform={real.perform}
            />
          ) : (
            stepper
          )}
        </div>
      </div>
      {!world && (
        <>
          <section class="script-part">
            <h2>{words.lab.script.heading}</h2>
            <p class="lab-about">{words.lab.script.about}</p>
            <Script
              words={words}
              lang={lang}
              live={live}
              inputs={run.inputs}
              flights={shown.line.flights}
              at={run.at}
              go={state.go}
              remove={(index) => state.change(() => removeLine(lab, index))}
              move={(from, to) => state.change(() => moveLine(lab, from, to))}
            />
          </section>
          <Compare
            words={words}
            lang={lang}
            live={live}
            lab={lab}
            line={shown.line}
            replace={(next) => state.replace(next)}
          />
        </>
      )}
    </section>
  );
}

function Tools({ words, state }: { words: LabWords['lab']['tools']; state: LabState }) {
  const { live, left, canUndo } = state;
  return (
    <div class="lab-tools" role="toolbar" aria-label={words.label}>
      <button
        type="button"
        class="btn s"
        disabled={!live}
        aria-disabled={!canUndo}
        onClick={() => canUndo && state.undo()}
      >
        {words.undo}
      </button>
      <button type="button" class="btn s" disabled={!live} onClick={state.linkHere}>
        {words.link}
      </button>
      <button type="button" class="btn s q" disabled={!live} onClick={state.startOver}>
        {words.startOver}
      </button>
      {left && (
        <button type="button" class="btn s" onClick={state.goOn}>
          {words.goOn}
        </button>
      )}
    </div>
  );
}
