#!/usr/bin/env node
/**
 * Measures the guards on their corpus: `npm run corpus`. Exit code 1 when a rate is worse than published in rates.json;
 * `npm run corpus -- --publish` writes the measured ones there.
 */
import { fromSource } from './from-source.mjs';

const { printRates } = await fromSource('rates/print.ts', () => import('./rates/print.ts'));
process.exitCode = await printRates({ publishing: process.argv.includes('--publish') });
