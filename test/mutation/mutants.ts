// Small faults that could be put into a source file: a condition turned round, a border moved, a call left out. Knows the syntax of
// TypeScript, and not whether anybody would notice.
import ts from 'typescript';

/** One fault: what stands in place of what. */
export interface Mutant {
  /** From the root of the project. */
  readonly file: string;
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly before: string;
  readonly after: string;
}

/** What an operator becomes. */
const OPERATORS: Readonly<Record<string, string>> = {
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '===': '!==',
  '!==': '===',
  '&&': '||',
  '||': '&&',
  '+': '-',
  '-': '+',
  '*': '/',
  '/': '*',
  '+=': '-=',
  '-=': '+=',
};

/** All faults of the kinds that are known. */
export function mutants(file: string, text: string): Mutant[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: Mutant[] = [];
  const put = (node: ts.Node, after: string): void => {
    const start = node.getStart(source);
    const line = source.getLineAndCharacterOfPosition(start).line + 1;
    found.push({ file, line, start, end: node.end, before: text.slice(start, node.end), after });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isTypeNode(node)) return;
    if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return;
    for (const [each, after] of faults(node)) put(each, after);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** What can be wrong at one node. */
function* faults(node: ts.Node): Generator<readonly [ts.Node, string]> {
  if (ts.isBinaryExpression(node)) {
    const after = OPERATORS[node.operatorToken.getText()];
    if (after !== undefined) yield [node.operatorToken, after];
  } else if (ts.isIfStatement(node)) {
    yield [node.expression, 'true'];
    yield [node.expression, 'false'];
  } else if (ts.isConditionalExpression(node)) {
    yield [node.condition, 'true'];
    yield [node.condition, 'false'];
  } else if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) {
    yield [node, node.operand.getText()];
  } else if (ts.isPostfixUnaryExpression(node)) {
    const isUp = node.operator === ts.SyntaxKind.PlusPlusToken;
    yield [node, `${node.operand.getText()}${isUp ? '--' : '++'}`];
  } else if (ts.isNumericLiteral(node) && !ts.isPropertyAssignment(node.parent)) {
    yield [node, `(${node.getText()} + 1)`];
  } else if (node.kind === ts.SyntaxKind.TrueKeyword) {
    yield [node, 'false'];
  } else if (node.kind === ts.SyntaxKind.FalseKeyword) {
    yield [node, 'true'];
  } else if (ts.isExpressionStatement(node) && isDoing(node.expression)) {
    yield [node, ';'];
  } else if (ts.isReturnStatement(node) && node.expression && ts.isCallExpression(node.expression)) {
    yield [node.expression, 'undefined'];
  }
}

function isDoing(expression: ts.Expression): boolean {
  if (ts.isCallExpression(expression)) return expression.expression.kind !== ts.SyntaxKind.SuperKeyword;
  return ts.isBinaryExpression(expression) || ts.isDeleteExpression(expression);
}
