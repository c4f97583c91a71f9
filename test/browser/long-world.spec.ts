// A world of ten thousand inputs: what a step back may cost, counted in what it touches, and that nothing of it is lost.
import { expect, type Page } from '@playwright/test';
import type { Setup } from '../../broker/index.ts';
import { settled } from '../../src/lessons/run.ts';
import { writeWorld } from '../../src/lessons/world-link.ts';
import { squeeze } from '../../src/widgets/squeeze.ts';
import { press, test } from './stepper.ts';

const STEPS = 30;

/** The address of a world in which two thousand messages went at QoS 1, at its end: five inputs each. */
async function longWorld(): Promise<string> {
  const setup: Setup = {
    version: 4,
    clients: [
      { name: 'p1', keepAlive: 0 },
      { name: 'phone', keepAlive: 0 },
    ],
  };
  const inputs = settled(setup, [
    { do: 'connect', client: 'phone' },
    { do: 'subscribe', client: 'phone', topicFilter: 'Room1/#', qos: 1 },
    { do: 'connect', client: 'p1' },
    ...Array.from({ length: 2000 }, (_, index) => ({
      do: 'publish' as const,
      client: 'p1',
      topic: 'Room1/Light',
      payload: String(index),
      qos: 1 as const,
    })),
  ]);
  expect(inputs.length).toBeGreaterThanOrEqual(10_000);
  return `/lab/#lab=${await squeeze(writeWorld({ setup, inputs, at: inputs.length }))}`;
}

/** Steps back, frame by frame. Returns how many nodes each step came to, and how often the page wrote into its storage. */
function stepBack(page: Page, steps: number): Promise<{ touched: number[]; writes: number }> {
  return page.evaluate(async (count) => {
    const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    const nodesIn = (nodes: NodeList) =>
      [...nodes].reduce((sum, node) => sum + 1 + ((node as Element).querySelectorAll?.('*').length ?? 0), 0);
    const costOf = ({ type, addedNodes, removedNodes }: MutationRecord) =>
      type === 'childList' ? nodesIn(addedNodes) + nodesIn(removedNodes) : 1;
    let writes = 0;
    const { setItem } = Storage.prototype;
    Storage.prototype.setItem = function (...given) {
      writes++;
      setItem.apply(this, given);
    };
    let sum = 0;
    const observer = new MutationObserver((records) => {
      for (const record of records) sum += costOf(record);
    });
    observer.observe(document.body, {
      subtree: true,
      childList: true,
      attributes: true,
      characterData: true,
    });
    const touched: number[] = [];
    const figure = document.querySelector('figure.sx .seq');
    for (let step = 0; step < count; step++) {
      sum = 0;
      figure?.dispatchEvent(
        new KeyboardEvent('keydown', { key: 'ArrowLeft', bubbles: true, cancelable: true }),
      );
      // One frame for the figure, and one for the lab around it.
      await frame();
      await frame();
      touched.push(sum);
    }
    observer.disconnect();
    Storage.prototype.setItem = setItem;
    return { touched, writes };
  }, steps);
}

test('a step back in a world of ten thousand inputs touches little, and writes nothing until the reader leaves', async ({
  page,
}) => {
  test.slow();
  await page.goto(await longWorld());
  const lab = page.getByRole('region', { name: 'The lab' });
  const place = lab.getByRole('slider').first();
  await expect(place).toHaveAttribute('aria-valuenow', /^1\d{4}$/, { timeout: 30_000 });
  const last = Number(await place.getAttribute('aria-valuenow'));
  await expect(lab.locator('.script [aria-current]')).toContainText(String(last));

  const { touched, writes } = await stepBack(page, STEPS);
  await expect(place).toHaveAttribute('aria-valuenow', String(last - STEPS));
  const sorted = touched.toSorted((one, other) => one - other);
  expect(sorted[0]).toBeGreaterThan(10);
  // Now and then the folds, the transcript and the script move on by a stretch; most steps leave them alone.
  expect(sorted[Math.floor(0.8 * STEPS)]).toBeLessThan(175);
  // On a machine so slow that it rests between two steps, what was done is kept then.
  expect(writes).toBeLessThan(STEPS / 3);

  await page.reload();
  await press(lab, 'Go on where you were');
  await expect(place).toHaveAttribute('aria-valuenow', String(last - STEPS));
});
