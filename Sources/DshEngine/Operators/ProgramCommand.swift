// What `/bin/sh` is given to run for a call.

import DshPlan
import DshPython

extension ProgramCall {
  /// The command itself, or one that runs a function of Python in the interpreter that `DSH_PYTHON` names, else `python3`.
  public var shellCommand: String {
    guard let python else { return command }
    let text = String(decoding: PythonModules.function, as: UTF8.self)
    let words = [text, python.path, python.name, python.frames.rawValue, python.state].map(shellQuoted).joined(separator: " ")
    return "exec \"${DSH_PYTHON:-python3}\" -c \(words)"
  }

  /// Whether its process serves one task after another.
  public var staysRunning: Bool { python != nil }
}
