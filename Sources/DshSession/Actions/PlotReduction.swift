// How the points of a plot are reduced on the nodes to no more than a picture has room for, whatever the width of the terminal.

import DshColumns
import DshEngine
import DshPlan
import DshRender

/// The finite points of a plot and what bounds them.
struct PlotReduction {
  private let rows: PlottedRows
  private let x: Expression
  private let series = Expression.column(1, .string)
  private let y = Expression.column(2, .float64)
  /// Whether a point lies somewhere.
  private let isFinite: Expression

  /// Pieces of the line of x, each of which keeps its first, last, least and greatest point of each series: more than any terminal has
  /// columns of dots, so that the line is drawn as it would be of all points.
  static let linePieces = 512
  /// Cells of a scatter, each of which keeps one point of each series.
  static let scatterColumns = 256
  static let scatterRows = 128

  init(_ rows: PlottedRows) {
    self.rows = rows
    x = .column(0, rows.plan.schema[0].type)
    func between(_ number: Expression) -> Expression {
      let bounds = [-Double.greatestFiniteMagnitude, .greatestFiniteMagnitude].map { Expression.literal(.float64($0), .float64) }
      return .call("between", [number] + bounds, .bool)
    }
    isFinite = .call("and", [between(rows.line.number(of: x)), between(y)], .bool)
  }

  /// For each series the bounds of x, as numbers, and of y, the finite points, and all.
  var bounds: LogicalPlan {
    let number = rows.line.number(of: x)
    let calls = [
      call("min", [number], isFinite), call("max", [number], isFinite), call("min", [y], isFinite), call("max", [y], isFinite),
      call("count", [], isFinite), call("count", []),
    ]
    return .aggregate(rows.plan, Aggregation(keys: [NamedExpression("series", series)], aggregates: calls))
  }

  /// Pairs of columns with points, behind the series and pieces they belong to; pieces come in their order.
  func points(of kind: Plot.Kind, x xRange: ClosedRange<Double>, y yRange: ClosedRange<Double>) -> LogicalPlan {
    let number = rows.line.number(of: x)
    let pieces: [Expression]
    let calls: [AggregateCall]
    switch kind {
    case .line:
      pieces = [piece(of: number, xRange, Self.linePieces)]
      calls = [
        call("min", [x]), call("arg_min", [y, x]), call("arg_min", [x, y]), call("min", [y]), call("arg_max", [x, y]), call("max", [y]),
        call("max", [x]), call("arg_max", [y, x]),
      ]
    case .scatter:
      pieces = [piece(of: number, xRange, Self.scatterColumns), piece(of: y, yRange, Self.scatterRows)]
      calls = [call("min", [x]), call("arg_min", [y, x])]
    }
    let keys = [NamedExpression("series", series)] + pieces.enumerated().map { NamedExpression("piece \($0)", $1) }
    return .aggregate(.filter(rows.plan, isFinite), Aggregation(keys: keys, aggregates: calls))
  }

  /// The most rows of `points`.
  static func mostRows(_ kind: Plot.Kind, seriesCount: Int) -> Int {
    seriesCount * (kind == .line ? linePieces : scatterColumns * scatterRows)
  }

  /// The number of the piece of a range that a number lies in.
  private func piece(of number: Expression, _ range: ClosedRange<Double>, _ count: Int) -> Expression {
    func literal(_ value: Double) -> Expression { .literal(.float64(value), .float64) }
    // Halves, as the distance of two numbers may be none.
    let extent = range.upperBound / 2 - range.lowerBound / 2
    guard extent > 0 else { return .literal(.int64(0), .int64) }
    let distance = Expression.call("-", [.call("/", [number, literal(2)], .float64), literal(range.lowerBound / 2)], .float64)
    let place = Expression.call("*", [.call("/", [distance, literal(extent)], .float64), literal(Double(count))], .float64)
    let inside = Expression.call("least", [.call("floor", [place], .float64), literal(Double(count - 1))], .float64)
    return .cast(inside, to: .int64, isTry: false)
  }

  private func call(_ name: String, _ arguments: [Expression], _ condition: Expression? = nil) -> AggregateCall {
    guard let call = AggregateRegistry().signature(of: name)?.call(name, arguments, condition: condition) else {
      preconditionFailure("an aggregate of numbers and times: \(name)")
    }
    return call
  }
}
