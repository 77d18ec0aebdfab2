/** Nothing asks for the newest event of an incident by its index, and every event paid for it. */
export const ONE_INDEX_OF_EVENTS = 'DROP INDEX events_by_incident;';
