import { describe, expect, test } from "vitest";
import { parseFilename } from "../src";

describe("parseFilename", () => {
  test("works", () => {
    expect(parseFilename("/path/to/filename.ext")).toEqual("filename.ext");
  });
});
