// Lesson 7 in the browser: the figure, the prediction, the goal by typing a filter, the exercises, both themes and a phone.
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Locator, type Page, test } from '@playwright/test';
import { faulty, GOAL, placeOf, readFaulty } from '../../src/lessons/wireshark.ts';

const LESSON = 'lessons/wireshark/';
const SEED = '4F2A';

async function open(page: Page, address = LESSON): Promise<Locator> {
  await page.goto(address);
  const figure = page.locator('.cv').first();
  await expect(figure.getByRole('textbox', { name: 'Filter' })).toBeEnabled();
  return figure;
}

async function awake(frame: Locator): Promise<Locator> {
  await frame.scrollIntoViewIfNeeded();
  await expect(frame.getByRole('button', { name: 'Solution' })).toBeEnabled();
  return frame;
}

test('the figure shows a real capture, and marks what belongs to the message', async ({ page }) => {
  const figure = await open(page);
  await expect(figure.getByRole('row', { selected: true })).toContainText('fixture/qos2, “hello qos2”');
  await expect(figure.locator('.row.rel')).toHaveCount(3);
  await figure.getByRole('textbox', { name: 'Filter' }).fill('mqtt.msgid == 1 && tcp.stream == 1');
  await expect(figure.getByText('4 of 16 shown')).toBeVisible();
  await expect(page.locator('[data-lesson="wireshark"]').first()).toHaveAttribute('data-stage', 'begun');
});

test('the prediction is run on the capture', async ({ page }) => {
  await open(page);
  const predict = page.locator('.asks');
  await predict.scrollIntoViewIfNeeded();
  await predict.getByLabel('Eight').check();
  await predict.getByRole('button', { name: 'Run it' }).click();
  await expect(predict.locator('label', { hasText: 'Two: a PUBLISH on each hop.' })).toContainText(
    'what happened',
  );
  await expect(predict.locator('.ls [role=row]:not(.head)')).toHaveCount(2);
  await expect(predict.getByText('and no other packet has it')).toBeVisible();
});

test('the goal is met by a filter, typed; the solution is only seen', async ({ page }) => {
  await open(page);
  const goal = await awake(page.locator('.goal'));
  await expect(goal.getByText('2 of 4 met')).toBeVisible();
  const filter = goal.getByRole('textbox', { name: 'Filter' });
  await filter.fill('publish mqtt.retain == 1');
  await expect(goal.getByText('3 of 4 met')).toBeVisible();
  await goal.getByRole('button', { name: 'Solution' }).click();
  await expect(goal.getByRole('heading', { level: 3 })).toContainText('Seen');
  await expect(filter).toHaveValue(GOAL.solution);
  await goal.getByRole('button', { name: 'Start over' }).click();
  await filter.focus();
  await page.keyboard.type('publish && mqtt.retain == 1 && client:ret-sub');
  await expect(goal.getByText('4 of 4 met')).toBeVisible();
  await expect(page.locator('[data-lesson="wireshark"]').first()).toHaveAttribute('data-stage', 'met');
});

test('the fault of a capture is found, and the blanks of a packet filled', async ({ page }) => {
  const exercise = faulty(SEED);
  const contents = await readFaulty(exercise);
  const { frame } = contents.packets[placeOf(contents, exercise) - 1] as { frame: number };
  await open(page, `${LESSON}?exercise=${SEED}`);
  const fault = await awake(page.getByRole('form', { name: /Exercise/ }).first());
  await expect(fault.locator('.bar b')).toHaveText(`exercise-${SEED}.pcapng`);
  await fault.getByRole('button', { name: 'Check' }).click();
  await expect(fault.locator('.verdict')).toContainText('Choose a packet');
  await fault.getByRole('button', { name: 'Solution' }).click();
  await expect(fault.locator('.verdict')).toContainText(`Frame ${frame}: `);
  await fault
    .getByRole('row')
    .filter({ has: page.locator(`.n:text-is("${frame}")`) })
    .click();
  await expect(fault.locator('.cv > .say')).toContainText(`Frame ${frame}.`);
  await fault.getByRole('button', { name: 'Check' }).click();
  await expect(fault.locator('.verdict')).toHaveClass(/\bright\b/);

  const blanks = await awake(page.getByRole('form', { name: /Exercise/ }).last());
  await blanks.getByRole('button', { name: 'Check' }).click();
  await expect(blanks.locator('.verdict')).toContainText('still blank');
  await blanks.getByRole('button', { name: 'Solution' }).click();
  await blanks.getByRole('button', { name: 'Check' }).click();
  await expect(blanks.locator('.verdict')).toHaveClass(/\bright\b/);
});

for (const [scheme, width] of [
  ['light', 1280],
  ['dark', 360],
] as const) {
  test(`nothing is wrong with the page for assistive technology, ${scheme}, ${width} px`, async ({
    page,
  }) => {
    test.slow();
    await page.emulateMedia({ colorScheme: scheme });
    await page.setViewportSize({ width, height: 900 });
    await open(page);
    await awake(page.locator('.goal'));
    await awake(page.getByRole('form', { name: /Exercise/ }).first());
    await expect(
      page
        .getByRole('form', { name: /Exercise/ })
        .first()
        .locator('.ls'),
    ).toBeVisible();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  });
}
