// Writes scripts, statements and stages in their canonical form: one blank between words, the least quoting.

extension Script {
  /// The canonical text, one statement a line; parsing it gives this script again, places apart.
  public var printed: String {
    statements.map { $0.printed + "\n" }.joined()
  }
}

extension Statement {
  /// The canonical text without a line end.
  public var printed: String {
    switch kind {
    case .command(let command): command.printed
    case .letBinding(let name, let value): "let \(name.text) = \(value.printed)"
    case .definition(let name, let parameters, let body):
      "def \(name.text)(\(parameters.map(\.text).joined(separator: ", "))) = \(body.printed)"
    case .pipeline(let name, let pipeline):
      printedNames(name.map { [$0] } ?? pipeline.parts) + pipeline.printed
    case .expression(let value): value.printed
    }
  }
}

/// The names that a pipeline's datasets get, with the sign behind them.
private func printedNames(_ names: [Name]) -> String { names.isEmpty ? "" : names.map(\.text).joined(separator: ", ") + " = " }

extension ScalarSyntax {
  /// The canonical text.
  var printed: String {
    switch self {
    case .expression(let value): value.printed
    case .pipeline(let pipeline): pipeline.printed
    }
  }
}

extension CommandSyntax {
  /// The canonical text.
  public var printed: String {
    if CommandRegistry.command(id)?.takesRestOfLine == true { return id.name + rest }
    return ([id.name] + options.map(\.printed) + arguments.map(\.printed)).joined(separator: " ")
  }
}

extension WordSyntax {
  /// Quoted where it was, so that a word with blanks stays one.
  var printed: String { isQuoted ? printedString(text) : printedBare(text) }
}

extension PipelineSyntax {
  /// The canonical text on one line.
  public var printed: String {
    let parts = (source.map { [$0.name.text] } ?? []) + stages.map(\.printed)
    return parts.joined(separator: " | ")
  }
}

extension DatasetSyntax {
  /// A name, or a pipeline in parentheses.
  public var printed: String {
    switch self {
    case .source(let source): source.name.text
    case .pipeline(let pipeline, _): "(" + pipeline.printed + ")"
    }
  }
}

extension StageSyntax {
  /// The canonical text.
  public var printed: String {
    let parts = [verb.text] + options.map(\.printed) + [operands.printed]
    return parts.filter { !$0.isEmpty }.joined(separator: " ")
  }
}

extension OptionSyntax {
  /// The canonical text.
  public var printed: String {
    value.map { "--\(name.text)=\($0.printed)" } ?? "--\(name.text)"
  }
}

extension OptionValue {
  /// Bare where every item can be, else every item in quotes.
  var printed: String {
    let isPlain = !isQuoted && list.allSatisfy { printedBare($0) == $0 }
    return list.map { isPlain ? $0 : printedString($0) }.joined(separator: ",")
  }
}

extension Operands {
  /// The canonical text; empty for no operands.
  public var printed: String {
    func list(_ items: [String]) -> String { items.joined(separator: ", ") }
    switch self {
    case .none: return ""
    case .expression(let expression): return expression.printed
    case .bindings(let bindings): return list(bindings.map(\.printed))
    case .selection(let items): return printedSelection(items)
    case .columns(let patterns): return list(patterns.map(\.printed))
    case .renames(let renames): return list(renames.map { printedName($0.new.text) + " = " + printedName($0.old.text) })
    case .newColumn(let name): return printedName(name.text)
    case .newDataset(let name): return name.text
    case .count(let count): return count?.printed ?? ""
    case .numbers(let numbers): return list(numbers.map(\.printed))
    case .paths(let paths): return paths.map(\.printed).joined(separator: " ")
    case .rows(let rows): return list(rows.map(\.printed))
    case .aggregation(let aggregates, let keys):
      let parts = [list(aggregates.map(\.printed)), keys.isEmpty ? "" : "by " + list(keys.map(\.printed))]
      return parts.filter { !$0.isEmpty }.joined(separator: " ")
    case .sortKeys(let keys): return list(keys.map(\.printed))
    case .top(let count, let order, let keys):
      let ordered = count.printed + " by " + list(order.map { $0.expression.printed + ($0.isDescending ? "" : " asc") })
      return ordered + (keys.isEmpty ? "" : " per " + list(keys.map(\.printed)))
    case .pivot(let aggregates, let column, let keys):
      return list(aggregates.map(\.printed)) + " by " + column.printed + (keys.isEmpty ? "" : " per " + list(keys.map(\.printed)))
    case .join(let right, let keys): return right.printed + " on " + list(keys.map(\.printed))
    case .datasets(let datasets): return list(datasets.map(\.printed))
    case .text(let word): return word.printed
    case .columnAndText(let column, let word): return column.printed + " " + word.printed
    }
  }

  private func printedSelection(_ items: [SelectionItem]) -> String {
    var parts: [String] = []
    for (index, item) in items.enumerated() {
      switch item {
      case .binding(let binding): parts.append(binding.printed)
      case .pattern(let pattern): parts.append(pattern.printed)
      case .all(let except, _) where except.isEmpty: parts.append("*")
      case .all(let except, _):
        let columns = except.map(\.printed).joined(separator: ", ")
        // Parentheses keep what follows out of the exceptions.
        parts.append(index == items.count - 1 ? "* except " + columns : "* except (" + columns + ")")
      }
    }
    return parts.joined(separator: ", ")
  }
}

extension BindingSyntax {
  /// The canonical text.
  public var printed: String {
    name.map { printedName($0.text) + " = " + value.printed } ?? value.printed
  }
}

extension ColumnPattern {
  /// The canonical text.
  public var printed: String { isWildcard ? text : printedName(text) }
}

extension PathSyntax {
  /// The canonical text.
  public var printed: String {
    switch form {
    case .bare: printedBare(text)
    case .quoted: printedString(text)
    case .parameter: "$" + text
    }
  }
}

extension RowSyntax {
  /// The canonical text.
  public var printed: String {
    "{" + fields.map { printedName($0.name.text) + ": " + $0.value.printed }.joined(separator: ", ") + "}"
  }
}

extension SortKeySyntax {
  /// The canonical text.
  public var printed: String { expression.printed + (isDescending ? " desc" : "") }
}

extension WindowSyntax {
  /// The canonical text of what stands in parentheses.
  public var printed: String {
    var clauses: [String] = []
    if !keys.isEmpty { clauses.append("by " + keys.map(\.printed).joined(separator: ", ")) }
    if !sort.isEmpty { clauses.append("sort " + sort.map(\.printed).joined(separator: ", ")) }
    if let frame { clauses.append("rows " + frame.printed) }
    return clauses.joined(separator: " ")
  }
}

extension FrameSyntax {
  /// The canonical text.
  public var printed: String {
    if before == nil, after == nil { return "all" }
    let sides = [(before, "before"), (after, "after")].filter { $0.0 != 0 }
    return sides.isEmpty ? "0 before" : sides.map { "\($0.0.map { String($0) } ?? "all") \($0.1)" }.joined(separator: " ")
  }
}

extension JoinKeySyntax {
  /// The canonical text.
  public var printed: String {
    let left = left.printedBesideComparison
    return right.map { "\(left) \(comparison.rawValue) \($0.printedBesideComparison)" } ?? left
  }
}
