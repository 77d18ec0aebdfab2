/**
 * The recorder that Python loads before the tests. It takes itself out of the environment at once, so that neither the
 * tests nor what they start see it, and loads the `sitecustomize` that stands behind it, if there is one.
 */
export const RECORDER_SOURCE = `import os
import sys


def _record():
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry or ".") != here]
    words = getattr(sys, "orig_argv", None)
    if words is None:
        # Before Python 3.10 only this much is known at this point.
        if sys.argv[:1] != ["-m"]:
            return
    elif "unittest" not in words:
        return
    rest = [entry for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if entry != here]
    if rest and rest != [""]:
        os.environ["PYTHONPATH"] = os.pathsep.join(rest)
    else:
        os.environ.pop("PYTHONPATH", None)

    import json
    import unittest

    with open(os.path.join(here, "report-path"), encoding="utf-8") as file:
        path = file.read()
    state = {"result": None, "stream": None, "keys": {}, "next": 0}

    def write(**event):
        state["stream"].write(json.dumps(event) + "\\n")
        state["stream"].flush()

    def describe(test):
        kind = type(test)
        if kind.__module__ == "unittest.loader" and kind.__name__ == "_FailedTest":
            return {"kind": "load", "titles": [str(test.id())]}
        if kind.__module__ == "unittest.suite" and kind.__name__ == "_ErrorHolder":
            return {"kind": "holder", "titles": [str(test.id())]}
        module = sys.modules.get(kind.__module__)
        file = getattr(module, "__file__", None)
        name = getattr(test, "_testMethodName", None)
        if name is None or kind.__module__.split(".")[0] in ("unittest", "doctest"):
            return {"kind": "case", "titles": [str(test.id())]}
        return {"kind": "case", "file": file, "titles": [kind.__qualname__, str(name)]}

    def tell(event, test, text=""):
        case = getattr(test, "test_case", test)
        known = state["keys"].get(id(case))
        if known is None or event == "start":
            # The test itself is kept: a number of one that is gone would be given to another.
            known = (state["next"], case)
            state["next"] += 1
            state["keys"][id(case)] = known
        write(event=event, key=known[0], text=text, **describe(case))

    def explain(result, test, err):
        return result._exc_info_to_string(err, test)

    def subtest(result, test, inner, err):
        if err is not None:
            tell("fail", test, "%s\\n%s" % (inner, explain(result, test, err)))

    watched = {
        "startTest": lambda result, test: tell("start", test),
        "addSuccess": lambda result, test: tell("ok", test),
        "addError": lambda result, test, err: tell("fail", test, explain(result, test, err)),
        "addFailure": lambda result, test, err: tell("fail", test, explain(result, test, err)),
        "addSkip": lambda result, test, reason: tell("skip", test, str(reason)),
        "addExpectedFailure": lambda result, test, err: tell("skip", test, "expected failure"),
        "addUnexpectedSuccess": lambda result, test: tell("fail", test, "unexpected success"),
        "addSubTest": subtest,
    }

    def watch(name, record):
        original = getattr(unittest.TestResult, name)

        def method(self, *args):
            if self is state["result"]:
                record(self, *args)
            return original(self, *args)

        setattr(unittest.TestResult, name, method)

    for name, record in watched.items():
        watch(name, record)

    make = unittest.TextTestRunner._makeResult
    run = unittest.TextTestRunner.run

    def make_result(self):
        result = make(self)
        if state["result"] is None:
            # Only the outermost run is told, of the first process that gets here.
            state["result"] = result
            flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_CLOEXEC", 0)
            try:
                state["stream"] = os.fdopen(os.open(path, flags, 0o600), "w", encoding="utf-8")
            except FileExistsError:
                state["result"] = False
        return result

    def run_all(self, test):
        first = state["result"] is None
        result = run(self, test)
        if first and result is state["result"]:
            write(event="end", ran=result.testsRun)
        return result

    unittest.TextTestRunner._makeResult = make_result
    unittest.TextTestRunner.run = run_all


def _next():
    own = sys.modules.pop("sitecustomize", None)
    try:
        import sitecustomize  # noqa: F401
    except ImportError:
        sys.modules["sitecustomize"] = own


_record()
_next()
`;
