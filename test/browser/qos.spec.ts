import { expect, type Locator } from '@playwright/test';
import { moved, questionOf as shuffledOf } from '../../src/lessons/handshake.ts';
import { questionOf } from '../../src/lessons/qos.ts';
import { expectNothingWrong, inEachLook } from './looks.ts';
import { expectProgress, figure, press, remembers, test } from './stepper.ts';

const PAGE = '/lessons/qos/';

/** The packets of a figure from top to bottom: `PUBACK, id 4, in flight`. */
async function packets(within: Locator): Promise<string[]> {
  const labels = await within
    .locator('.ev .cap:not(.ghost)')
    .evaluateAll((all) => all.map((each) => each.getAttribute('aria-label') ?? ''));
  return labels.map((label) => label.replaceAll('\u00a0', ' '));
}

/** Those of them that were sent. */
async function sent(within: Locator): Promise<string[]> {
  return (await packets(within)).filter((label) => !label.endsWith('expected'));
}

test.beforeEach(async ({ page }) => {
  await page.goto(PAGE);
});

test('opens with the PUBACK on its way back and the message at the phone', async ({ page }) => {
  const first = await figure(page);
  expect(await packets(first)).toEqual([
    'PUBLISH, QoS 1, id 4, delivered',
    'PUBLISH, QoS 1, id 1, delivered',
    'PUBACK, id 4, in flight',
    'PUBACK, id 1, delivered',
  ]);
  await expect(remembers(first, 0)).toContainText('PUBLISH sent, waits for PUBACK');
  await expect(remembers(first, 2)).toContainText('got “Turn On” once');
});

const handshakes = [
  ['QoS 0', ['PUBLISH, QoS 0', 'PUBLISH, QoS 0']],
  ['QoS 1', ['PUBLISH, QoS 1, id 4', 'PUBLISH, QoS 1, id 1', 'PUBACK, id 4', 'PUBACK, id 1']],
  [
    'QoS 2',
    [
      'PUBLISH, QoS 2, id 4',
      'PUBLISH, QoS 2, id 1',
      'PUBREC, id 4',
      'PUBREC, id 1',
      'PUBREL, id 4',
      'PUBREL, id 1',
      'PUBCOMP, id 4',
      'PUBCOMP, id 1',
    ],
  ],
] as const;

for (const [qos, expected] of handshakes) {
  const delivered = expected.map((each) => `${each}, delivered`);

  test(`${qos} can be stepped through and back with the mouse`, async ({ page }) => {
    const first = await figure(page);
    await first.getByText(qos, { exact: true }).click();
    await press(first, 'To the start');
    expect(await sent(first)).toEqual([]);
    for (let step = 0; step <= expected.length; step++) await press(first, 'Step');
    expect(await sent(first)).toEqual(delivered);
    await expect(first.getByRole('button', { name: 'Step', exact: true })).toHaveAttribute(
      'aria-disabled',
      'true',
    );
    for (let step = 0; step <= expected.length; step++) await press(first, 'Back');
    expect(await sent(first)).toEqual([]);
    await press(first, 'To the end');
    expect(await sent(first)).toEqual(delivered);
  });

  test(`${qos} can be stepped through and back by keyboard alone`, async ({ page }) => {
    const first = await figure(page);
    await first.getByRole('radio', { name: qos }).focus();
    await page.keyboard.press('Space');
    await first.getByRole('group', { name: /Sequence of packets/ }).focus();
    await page.keyboard.press('Home');
    expect(await sent(first)).toEqual([]);
    for (let step = 0; step <= expected.length; step++) await page.keyboard.press('ArrowRight');
    expect(await sent(first)).toEqual(delivered);
    await page.keyboard.press('ArrowLeft');
    expect(await sent(first)).not.toEqual(delivered);
    await page.keyboard.press('End');
    expect(await sent(first)).toEqual(delivered);
  });
}

test('a cut at the PUBACK makes p1 send again with DUP, and the phone receive it twice', async ({ page }) => {
  const first = await figure(page);
  await press(first, /^Cut here PUBACK, id 4/);
  await expect(first.locator('.gap', { hasText: 'connection cut' })).toBeVisible();
  expect(await sent(first)).toContain('PUBACK, id 4, lost');
  await press(first, 'Reconnect p1');
  for (let step = 0; step < 2; step++) await press(first, 'Step');
  await expect(first.locator('.nt', { hasText: 'Session Present 1' })).toBeVisible();
  expect(await sent(first)).toContain('PUBLISH, DUP, id 4, in flight');
  await expect(remembers(first, 0)).toContainText('sent again, waits for PUBACK');
  await press(first, 'To the end');
  await expect(first.locator('.nt', { hasText: 'taken as a new message, in spite of DUP' })).toBeVisible();
  await expect(first.locator('.nt', { hasText: '“Turn On” for the second time' })).toBeVisible();
  await expect(remembers(first, 2)).toContainText('got “Turn On” 2 times');
  // Back mends everything.
  const steps = Number(await first.getByRole('slider').getAttribute('aria-valuenow'));
  for (let step = 0; step < steps; step++) await press(first, 'Back');
  expect(await sent(first)).toEqual([]);
});

test('all of it goes by keyboard: hold, deliver, freeze, thaw, cut, open, fork', async ({ page }) => {
  const first = await figure(page);
  const diagram = first.getByRole('group', { name: /Sequence of packets/ });
  await diagram.focus();
  await page.keyboard.press('h');
  expect(await sent(first)).toContain('PUBACK, id 4, held');
  await expect(first.locator('.nt', { hasText: 'held by you' })).toBeVisible();
  await page.keyboard.press('h');
  expect(await sent(first)).toContain('PUBACK, id 4, in flight');
  await page.keyboard.press('z');
  await expect(first.locator('.links')).toContainText('frozen');
  await page.keyboard.press('z');
  await expect(first.locator('.links')).not.toContainText('frozen');
  await page.keyboard.press('f');
  await expect(first.getByRole('radio', { name: 'Run B' })).toBeChecked();
  await page.keyboard.press('x');
  expect(await sent(first)).toContain('PUBACK, id 4, lost');
  await first.getByRole('radio', { name: 'Run A' }).check();
  expect(await sent(first)).not.toContain('PUBACK, id 4, lost');
  await diagram.focus();
  await page.keyboard.press('End');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('d');
  expect(await sent(first)).toContain('PUBACK, id 4, delivered');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('o');
  await expect(first.locator('.opened')).toContainText('40');
});

test('the first press of Tab into the figure, and on through it, meets every control once', async ({
  page,
}) => {
  const first = await figure(page);
  await expect(first.getByRole('button', { name: 'Run this on my machine' })).toBeVisible();
  await first.getByRole('radio', { name: 'QoS 1' }).focus();
  const met: string[] = [];
  for (let stop = 0; stop < 24; stop++) {
    await page.keyboard.press('Tab');
    const name = await page.evaluate(() => {
      const now = document.activeElement;
      if (!now?.closest('figure.sx')) return '';
      const label = now instanceof HTMLInputElement ? now.labels?.[0] : undefined;
      return now.getAttribute('aria-label') ?? (label ?? now).textContent ?? '';
    });
    if (name === '') break;
    met.push(name.replaceAll('\u00a0', ' '));
  }
  expect(met).toEqual([
    '3.1.1',
    'Freeze the link of p1',
    'Freeze the link of phone',
    expect.stringContaining('Sequence of packets'),
    'PUBACK, id 4, in flight',
    'Deliver PUBACK, id 4',
    'Hold PUBACK, id 4',
    'Cut here PUBACK, id 4',
    'Step',
    'Step',
    '1×',
    'Fork from here',
    'Link to this step',
    'Save as pcapng',
    'Save as SVG',
    'Transcript',
    'Run this on my machine',
    'Keys',
  ]);
});

test('it plays, faster if asked to, and stops at the end', async ({ page }) => {
  const first = await figure(page);
  await first.getByRole('radio', { name: 'QoS 2' }).check();
  await first.getByRole('radio', { name: '4×' }).check();
  await press(first, 'Play');
  await expect(first.getByRole('button', { name: 'Pause', exact: true })).toBeVisible();
  await expect(first.getByRole('button', { name: 'Play', exact: true })).toBeVisible({ timeout: 15_000 });
  expect(await sent(first)).toContain('PUBCOMP, id 1, delivered');
});

test('the scrubber and the numbers jump to any step', async ({ page }) => {
  const first = await figure(page);
  const scrubber = first.getByRole('slider');
  const box = await scrubber.boundingBox();
  if (!box) throw new Error('The scrubber is not to be seen');
  await page.mouse.click(box.x + 9, box.y + box.height / 2);
  expect(await sent(first)).toEqual([]);
  await expect(scrubber).toHaveAttribute('aria-valuenow', '0');
  await page.mouse.click(box.x + box.width - 9, box.y + box.height / 2);
  expect(await sent(first)).toContain('PUBACK, id 4, delivered');
  await press(first, 'Go to packet 2');
  expect(await sent(first)).toEqual([
    'PUBLISH, QoS 1, id 4, delivered',
    'PUBLISH, QoS 1, id 1, in flight',
    'PUBACK, id 4, in flight',
  ]);
});

test('a packet opens in the packet widget, and closes', async ({ page }) => {
  const first = await figure(page);
  const capsule = first.getByRole('button', { name: 'PUBLISH, QoS 1, id 4, delivered' });
  await capsule.click();
  await expect(capsule).toHaveAttribute('aria-expanded', 'true');
  const opened = first.locator('.opened');
  await expect(opened.getByText('Packet Identifier').first()).toBeVisible();
  await expect(opened.getByText('Room1/Light').first()).toBeVisible();
  await press(first, 'Close the packet');
  await expect(opened).toHaveCount(0);
});

test('the transcript tells each packet, and what it did', async ({ page }) => {
  const first = await figure(page);
  await press(first, 'Transcript');
  await expect(first.locator('.ts li')).toHaveCount(4);
  await expect(first.locator('.ts li').nth(3)).toContainText(
    'phone to the broker: PUBACK, id 1. The broker lets go of id 1.',
  );
  await press(first, 'Step');
  await expect(first.getByRole('status')).toContainText(
    'The broker to p1: PUBACK, id 4. p1 lets go of id 4.',
  );
});

test('a link leads to the step, in the version and QoS that it was made for', async ({ page }) => {
  const first = await figure(page);
  await first.getByRole('radio', { name: 'QoS 2' }).check();
  await first.getByRole('radio', { name: '5.0' }).check();
  for (let step = 0; step < 3; step++) await press(first, 'Step');
  const before = await packets(first);
  await press(first, 'Link to this step');
  await expect(page).toHaveURL(/#handshake=5-2:/);
  await page.reload();
  const again = await figure(page);
  expect(await packets(again)).toEqual(before);
  await expect(again.getByRole('radio', { name: '5.0' })).toBeChecked();
});

test('a broken link says so, and leaves the figure as it opens', async ({ page }) => {
  await page.goto(`${PAGE}#handshake=4-1:n.d999`);
  await page.reload();
  const first = await figure(page);
  await expect(first.getByRole('alert')).toContainText('cannot be found');
  expect(await sent(first)).toContain('PUBACK, id 4, in flight');
});

test('the prediction is run on a real broker, and explained when it has run', async ({ page }) => {
  const asks = page.locator('.asks');
  await asks.scrollIntoViewIfNeeded();
  await asks.getByLabel('once').check();
  await press(asks, 'Run it');
  await expect(asks.getByText('That is what at least once means.')).toHaveCount(0);
  await press(asks, 'To the end');
  await expect(asks.getByText('That is what at least once means.')).toBeVisible();
  await expect(asks.locator('label', { hasText: 'twice' })).toHaveClass('so');
  await expect(remembers(asks, 2)).toContainText('got “Turn On” 2 times');
});

test('the goal is met by packets: a failed try says what was different', async ({ page }) => {
  const own = await figure(page, 1);
  const goal = page.locator('.goal');
  await expect(goal).toContainText('0 of 3 met');
  await expect(goal).toContainText('Nothing was cut so far.');
  await press(own, 'Step');
  await press(own, 'Step');
  await press(own, 'Step');
  await press(own, /^Cut here PUBREL, id 4/);
  await expect(goal).toContainText('p1 had received the PUBREC.');
  await press(own, 'Back');
  await press(own, 'Back');
  await press(own, /^Cut here PUBREC, id 4/);
  await press(own, 'To the end');
  await expect(goal).toContainText('3 of 3 met');
  await expect(goal).toContainText('00 04 = 00 04');
  await expect(goal.getByRole('heading')).toContainText('Met');
  await expectProgress(page, { qos: 'met' });
});

test('the solution reaches the goal, and counts as seen', async ({ page }) => {
  const own = await figure(page, 1);
  const goal = page.locator('.goal');
  await press(goal, 'Solution');
  await press(own, 'To the end');
  await expect(goal).toContainText('3 of 3 met');
  await expect(goal.getByRole('heading')).toContainText('Seen');
  await expect(own.locator('.nt', { hasText: 'is known: no second delivery' })).toBeVisible();
  await press(goal, 'Start over');
  await expect(goal).toContainText('0 of 3 met');
});

for (const seed of ['0001', '4F2A', '1234']) {
  test(`exercise ${seed} is solved with what the simulator does`, async ({ page }) => {
    await page.goto(`${PAGE}?exercise=${seed}`);
    const exercise = page.locator('.exercise').first();
    await exercise.scrollIntoViewIfNeeded();
    await expect(exercise).toContainText(`exercise ${seed}`);
    const { again, packetId, deliveries } = questionOf(seed).answer;
    const options = {
      publishDup: 'the PUBLISH, with DUP 1',
      publish: 'the PUBLISH, with DUP 0',
      pubrel: 'the PUBREL',
      nothing: 'nothing',
    };
    await press(exercise, 'Check');
    await expect(exercise).toContainText('Answer all of it first.');
    await exercise.getByLabel(options.publish).check();
    await exercise.getByLabel(String(deliveries), { exact: true }).check();
    await press(exercise, 'Check');
    await expect(exercise).toContainText('Something else is sent again');
    await exercise.getByLabel(options[again], { exact: true }).check();
    await exercise.getByRole('textbox').fill(String(packetId ?? ''));
    await press(exercise, 'Check');
    await expect(exercise).toContainText('Right.');
    await expect(exercise.getByRole('button', { name: 'Step', exact: true })).toBeEnabled();
  });
}

test('a shuffled handshake is put in order by keyboard', async ({ page }) => {
  await page.goto(`${PAGE}?order=4F2A`);
  const exercise = page.locator('.exercise').last();
  await exercise.scrollIntoViewIfNeeded();
  await expect(exercise).toContainText('exercise 4F2A');
  const { answer, cards } = shuffledOf('4F2A');
  await press(exercise, 'Check');
  await expect(exercise).toContainText('cannot arrive: nobody has sent it yet');
  let order: readonly string[] = cards.map(({ key }) => key);
  for (const [place, key] of answer.entries()) {
    for (let from = order.indexOf(key); from > place; from--) {
      await exercise
        .getByRole('button', { name: /^Move up/ })
        .nth(from)
        .focus();
      await page.keyboard.press('Enter');
      order = moved(order, from, -1);
    }
  }
  await press(exercise, 'Check');
  await expect(exercise).toContainText('Right.');
});

inEachLook(test, 'nothing is wrong with the page for assistive technology', async (page) => {
  const first = await figure(page);
  await press(first, /^Cut here PUBACK, id 4/);
  await press(first, 'To the end');
  await press(first, 'PUBLISH, DUP, id 4, delivered');
  await expect(first.locator('.opened').getByText('Room1/Light').first()).toBeVisible();
  await press(first, 'Transcript');
  const own = await figure(page, 1);
  await press(own, 'Step');
  await press(own, /^Hold PUBREC/);
  await expectNothingWrong(page);
});

test('at 360 pixels nothing has to be scrolled sideways, whatever is shown', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 780 });
  const first = await figure(page);
  const width = () => page.evaluate(() => document.documentElement.scrollWidth);
  expect(await width()).toBe(360);
  await press(first, /^Cut here PUBACK, id 4/);
  await press(first, 'To the end');
  await press(first, 'PUBLISH, DUP, id 4, delivered');
  await expect(first.locator('.opened').getByText('Room1/Light').first()).toBeVisible();
  await press(first, 'Transcript');
  await expect(first.locator('.ts li')).toHaveCount(11);
  expect(await width()).toBe(360);
});

test('readers who ask for reduced motion see nothing travel', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const first = await figure(page);
  await press(first, 'Step');
  const durations = await first.evaluate((root) =>
    root.getAnimations({ subtree: true }).map(({ effect }) => effect?.getComputedTiming().duration),
  );
  expect(durations.filter((each) => each !== 0)).toEqual([]);
  expect(await sent(first)).toContain('PUBACK, id 4, delivered');
});

test('a packet that arrives is seen to travel', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  const first = await figure(page);
  await press(first, /^Deliver PUBACK, id 4/);
  await expect(first.locator('.ghost')).toHaveCount(1);
  await press(first, 'Back');
  await expect(first.locator('.ghost')).toHaveCount(0);
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('the figure shows its default state, and no controls', async ({ page }) => {
    const first = page.locator('figure.sx').first();
    expect(await packets(first)).toContain('PUBACK, id 4, in flight');
    await expect(remembers(first, 0)).toContainText('waits for PUBACK');
    await expect(first.locator('.ts')).toContainText('The broker to p1: PUBACK');
    await expect(first.locator('button:visible')).toHaveCount(0);
    await page.getByText('What happens, and why').click();
    await expect(page.getByText('That is what at least once means.')).toBeVisible();
  });
});
