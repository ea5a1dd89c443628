// What `let` and `def` name.

import DshColumns
import DshDiagnostics
import DshEngine
import DshLanguage
import DshPlan

extension Session {
  /// Binds a `let` of a constant, or a `def`. Of a `let` of a pipeline only the types are looked at: its value is not known before it runs.
  func define(_ statement: Statement, in state: inout SessionState) throws {
    switch statement.kind {
    case .letBinding(let name, .expression(let value)):
      state.environment.scalars[name.text] = .value(try self.value(of: value, in: state))
    case .definition(let name, let parameters, let body):
      if FunctionRegistry().signature(of: name.text) != nil || AggregateRegistry().signature(of: name.text) != nil {
        throw Diagnostic(.nameTaken, "\"\(name.text)\" is a function already", span: name.span)
      }
      state.environment.definitions[name.text] = Definition(
        name: name.text, parameters: parameters.map(\.text), body: body, visible: state.environment.definitions,
        scalars: state.environment.scalars)
    default: break
    }
  }
}

extension Definition {
  /// How it is called: `hours(minutes)`.
  var usage: String { "\(name)(\(parameters.joined(separator: ", ")))" }
}
