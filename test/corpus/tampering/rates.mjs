#!/usr/bin/env node
/**
 * Measures the gate's first check on labelled changes: `npm run corpus:tampering`. Exit code 1 when a rate is worse than
 * published in rates.json; `npm run corpus:tampering -- --publish` writes the measured ones there and into the page.
 */
import { fromSource } from '../guards/from-source.mjs';

const { printRates } = await fromSource('../tampering/print.ts', () => import('./print.ts'));
process.exitCode = await printRates({ publishing: process.argv.includes('--publish') });
