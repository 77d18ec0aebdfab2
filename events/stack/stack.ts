/** Finds the stacks in any text, whatever the language, and what they say. */
import { toPlainText } from '../plain-text.ts';
import { MAX_TRACE_LINE, type ParsedStack, type StackBlock, type TraceLine } from './block.ts';
import { isDotnetFrame, readDotnetStack } from './dotnet.ts';
import { readGoPanic, startsGoPanic } from './go.ts';
import { isJavaFrame, readJavaStack } from './java.ts';
import { isJavaScriptFrame, readJavaScriptStack } from './javascript.ts';
import { readPhpTrace, startsPhpTrace } from './php.ts';
import { readPytestFailure, startsPytestFailure } from './pytest.ts';
import { readPythonStack, startsPythonStack } from './python.ts';
import { isRubyPlace, readRubyStack } from './ruby.ts';
import { readRustPanic, startsRustPanic } from './rust.ts';
import { readTapFailure, startsTapFailure } from './tap.ts';

/** Every stack in the lines, in order; blocks do not overlap. Linear in the number of lines. */
export function findStacks(lines: TraceLine[]): StackBlock[] {
  const blocks: StackBlock[] = [];
  let floor = 0;
  for (let i = 0; i < lines.length; ) {
    const block = readAt(lines, i, floor);
    if (block === undefined) {
      i++;
      continue;
    }
    blocks.push(block);
    floor = i = Math.max(block.end, i + 1);
  }
  return blocks;
}

function readAt(lines: TraceLine[], at: number, floor: number): StackBlock | undefined {
  const text = lines[at]?.text.slice(0, MAX_TRACE_LINE) ?? '';
  if (startsPythonStack(lines, at)) return readPythonStack(lines, at);
  if (startsPytestFailure(text)) return readPytestFailure(lines, at);
  if (startsTapFailure(text)) return readTapFailure(lines, at);
  if (startsGoPanic(lines, at)) return readGoPanic(lines, at);
  if (startsRustPanic(text)) return readRustPanic(lines, at);
  if (startsPhpTrace(text)) return readPhpTrace(lines, at, floor);
  if (isRubyPlace(text)) return readRubyStack(lines, at, floor);
  if (isJavaFrame(text)) return readJavaStack(lines, at, floor);
  if (isDotnetFrame(text)) return readDotnetStack(lines, at, floor);
  return isJavaScriptFrame(text) ? readJavaScriptStack(lines, at, floor) : undefined;
}

/**
 * The stacks of a text without log prefixes, such as the `stack` of an error object or the output of a test run; colours
 * do not matter.
 */
export function parseStacks(text: string): ParsedStack[] {
  const lines = toPlainText(text)
    .split('\n')
    .map((line) => ({ text: line, prefixed: false }));
  return findStacks(lines).map((block) => block.stack);
}

/** The first stack of the text, frames innermost first; undefined when there is none. */
export function parseStack(text: string): ParsedStack | undefined {
  return parseStacks(text)[0];
}
