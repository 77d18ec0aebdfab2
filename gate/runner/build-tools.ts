/** Build tools of other languages whose call may run tests: which of them is asked to, in a way that can be counted. */
type BuildTool = 'go' | 'cargo' | 'maven' | 'gradle';

/** Null for another program, and for a call that runs no test or hides what its tests tell. */
export function detectBuildTool(program: string, words: readonly string[]): BuildTool | null {
  switch (program) {
    case 'go':
      return isGoTest(words) ? 'go' : null;
    case 'cargo':
      return isCargoTest(words) ? 'cargo' : null;
    case 'mvn':
    case 'mvnw':
    case 'mvnd':
      return words.some((word) => MAVEN_GOAL.test(word)) && !words.some(skipsTests) ? 'maven' : null;
    case 'gradle':
    case 'gradlew':
      return words.some((word) => GRADLE_TASK.test(word)) ? 'gradle' : null;
    default:
      return null;
  }
}

const MAVEN_GOAL =
  /^(?:test|integration-test|verify|package|install|deploy|(?:\S+:)?(?:surefire|failsafe)(?::\S+)?:\S+)$/;
const GRADLE_TASK = /^(?::?[\w.-]+:)*(?:check|build|test|\w+Test|test[A-Z]\w*)$/;

function skipsTests(word: string): boolean {
  return /^-D(?:skipTests|maven\.test\.skip)(?:=true)?$/.test(word);
}

/** What stands after `-args` reaches the tests, not go; `-c` only builds. */
function isGoTest(words: readonly string[]): boolean {
  return words[0] === 'test' && !words.some((word) => /^--?(?:args|c|n|fuzz(?:=.*)?)$/.test(word));
}

/** Quiet and other formats tell no names. */
function isCargoTest(words: readonly string[]): boolean {
  const [verb] = words.filter((word) => !word.startsWith('+'));
  const hides =
    /^(?:-q|--quiet|--no-run|--list|--format(?:=.*)?|-Z.*|--logfile(?:=.*)?|--help|--message-format(?:=.*)?)$/;
  return (verb === 'test' || verb === 't') && !words.some((word) => hides.test(word));
}
