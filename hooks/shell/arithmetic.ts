/** Arithmetic of the shell: what it assigns, and the commands that substitutions and subscripts in it would run. */
import { type ArithmeticExpression, forEachChild } from 'unbash';
import type { ShellState } from './state.ts';
import { refuseSubscript } from './unreadable.ts';
import { type Substituting, wholeValueOf } from './words.ts';

/** `substituting` walks what is found at a level of nesting, 0 that of the expression itself. */
export function walkArithmetic(
  node: ArithmeticExpression,
  state: ShellState,
  substituting: (level: number) => Substituting,
  level = 0,
): void {
  const assigned = assignedBy(node);
  if (assigned?.type === 'ArithmeticWord') state.set(assigned.value.replace(/\[.*$/s, ''), undefined);
  if (node.type === 'ArithmeticCommandExpansion') substituting(level).script(node.script);
  else if (node.type === 'ArithmeticWord') {
    if (node.parts) wholeValueOf(node.parts, state, substituting(level));
    else refuseSubscript(node.value);
    refuseSubscript(state.variables.get(node.value)?.text ?? '');
  } else
    forEachChild(node, (child) => {
      if (child.type.startsWith('Arithmetic') && child.type !== 'ArithmeticExpansion')
        walkArithmetic(child as ArithmeticExpression, state, substituting, level + 1);
    });
}

function assignedBy(node: ArithmeticExpression): ArithmeticExpression | undefined {
  if (node.type === 'ArithmeticBinary' && /^([-+*/%&|^]|<<|>>)?=$/.test(node.operator)) return node.left;
  if (node.type === 'ArithmeticUnary' && /^(\+\+|--)$/.test(node.operator)) return node.operand;
  return undefined;
}

/** Two words beside each other are no arithmetic: a group inside a group, where `sh` is not bash. */
export function looksLikeCommand(arithmetic: string): boolean {
  const numbers = arithmetic.replace(/\$\([^()]*\)/g, '0').replace(/\$\([^()]*\)/g, '0');
  return /["'\\$/\w]\s+(["'\\$/\w]|-[A-Za-z-])/.test(numbers);
}
