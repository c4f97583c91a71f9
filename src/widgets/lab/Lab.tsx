/**
 * The lab: a world built by hand. At the left who is in it and what they can do, beside it the stepper, under both the
 * script and what it can be compared with; or all of it at a real broker, where there is no script. It puts the parts
 * together; what a change does is `lab.ts`'s affair.
 */
import { useMemo, useState } from 'preact/hooks';
import type { Dictionary } from '../../i18n/index.ts';
import { fill } from '../../i18n/phrase.ts';
import { sharedWords } from '../../i18n/shared.ts';
import { Stepper } from '../stepper/Stepper.tsx';
import { Compare } from './Compare.tsx';
import { moveLine, removeLine, STORY } from './lab.ts';
import { Panel } from './Panel.tsx';
import { RealStage } from './RealStage.tsx';
import { Script } from './Script.tsx';
import type { LabWords } from './say.ts';
import { type LabState, useLab } from './useLab.ts';
import { type Target, useReal } from './useReal.ts';
import { Where } from './Where.tsx';
import './lab.css';

export interface LabProps {
  words: Pick<Dictionary, 'lab' | 'stepper' | 'worldLink'>;
  lang: string;
  /** The address of the file that says whether there is a broker behind the page. */
  file: string;
}

export function Lab({ words: own, lang, file }: LabProps) {
  const words: LabWords = useMemo(() => ({ ...own, ...sharedWords(lang) }), [own, lang]);
  const state = useLab(words, lang);
  const { lab, run, shown, live, note, left } = state;
  const [target, aim] = useState<Target>();
  const real = useReal(target, lab.setup);
  const { world } = real;
  const line = world?.line ?? shown.line;
  const variants = useMemo(() => [{ key: STORY, scenario: state.first.scenario }], []);
  const refused = real.refused && fill(words.lab.act.refused, { why: real.refused });
  return (
    <section class="lab-page not-content" aria-label={words.lab.label}>
      <Where
        words={words.lab.where}
        live={live}
        file={file}
        target={target}
        trouble={real.trouble}
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
          isReal={world !== undefined}
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
              world={world}
              isTold={target?.feed !== undefined}
              perform={real.perform}
            />
          ) : (
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
