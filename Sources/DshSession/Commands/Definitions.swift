// `let` and `def`: what they name, and what is shown of it.

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
      if FunctionRegistry().signature(of: name.text) != nil || AggregateRegistry.aggregate(named: name.text) != nil {
        throw Diagnostic("name-taken", .user, "\"\(name.text)\" is a function already", span: name.span)
      }
      var seen: Set<String> = []
      for parameter in parameters where !seen.insert(parameter.text).inserted {
        throw Diagnostic("name-taken", .user, "\"\(parameter.text)\" is a parameter already", span: parameter.span)
      }
      state.environment.definitions[name.text] = Definition(
        name: name.text, parameters: parameters.map(\.text), body: body, visible: state.environment.definitions,
        scalars: state.environment.scalars)
    default: break
    }
  }

  /// `let` and `let NAME`.
  func showScalars(_ argument: WordSyntax?, emit: (Output) -> Void) throws {
    let scalars = state.environment.scalars.compactMapValues(\.value)
    guard let argument else {
      return emit(
        .listing(
          Listing(
            name: "let", columns: [Listing.Column("scalar"), Listing.Column("type"), Listing.Column("value")],
            rows: scalars.sorted { $0.key < $1.key }.map {
              [.string("$" + $0.key), .string($0.value.type.name), CellText.string($0.value).map { .string($0) } ?? .null]
            })))
    }
    let name = argument.text.hasPrefix("$") ? String(argument.text.dropFirst()) : argument.text
    guard let value = scalars[name] else {
      throw Diagnostic(
        "unknown-parameter", .user, "no scalar \"$\(name)\"", span: argument.span,
        suggestion: nearestName(to: name, in: scalars.keys.sorted()).map(didYouMean) ?? "make one with: let \(name) = …")
    }
    emit(.scalar(name: name, value: value))
  }

  /// `def` and `def NAME`.
  func showDefinitions(_ argument: WordSyntax?, emit: (Output) -> Void) throws {
    let definitions = state.environment.definitions
    guard let argument else {
      return emit(
        .listing(
          Listing(
            name: "def", columns: [Listing.Column("definition"), Listing.Column("is")],
            rows: definitions.values.sorted { $0.name < $1.name }.map { [.string($0.usage), .string($0.body.printed)] })))
    }
    guard let definition = definitions[argument.text] else {
      throw Diagnostic(
        "unknown-function", .user, "no definition \"\(argument.text)\"", span: argument.span,
        suggestion: nearestName(to: argument.text, in: definitions.keys.sorted()).map(didYouMean)
          ?? "make one with: def \(argument.text)(x) = …")
    }
    emit(.lines(["def \(definition.usage) = \(definition.body.printed)"]))
  }
}

extension Definition {
  /// How it is called: `hours(minutes)`.
  var usage: String { "\(name)(\(parameters.joined(separator: ", ")))" }
}
