// `plot`: numbers over other numbers or times, as lines or points.

import DshBackend
import DshColumns
import DshDiagnostics
import DshLanguage
import DshPlan
import DshRender

struct PlotAction: Action {
  let verb = Verb.ID.plot

  func check(_ stage: StageSyntax, over plan: LogicalPlan, with binder: inout Binder) {
    guard case .pivot(let items, let x, let keys) = stage.operands else { return }
    _ = binder.bindPlot(items, by: x, per: keys, over: plan)
  }

  func perform(_ context: ActionContext) throws {
    guard case .pivot(let items, let x, let keys) = context.stage.operands else {
      throw Diagnostic(.missingOperand, "plot needs a number", span: context.stage.span)
    }
    var binder = context.session.state.environment.binder(context.source)
    guard let rows = binder.bindPlot(items, by: x, per: keys, over: context.plan) else { throw DiagnosticList(binder.diagnostics) }
    let kind = context.option("kind")?.value.flatMap { Plot.Kind(rawValue: $0.text) } ?? .line
    let reduction = PlotReduction(rows)
    let found = try context.run(.head(PlottedRows.seriesLimit + 1), of: reduction.bounds)
    let bounds = PlotBounds(found.rows)
    if bounds.seriesCount > PlottedRows.seriesLimit {
      throw Diagnostic(
        .wrongCount, "plot shows at most \(PlottedRows.seriesLimit) lines or kinds of points, and here are more", span: context.stage.span,
        suggestion: "filter some of them, or leave per out")
    }
    guard let xRange = bounds.x, let yRange = bounds.y else {
      context.emit(.plot(Plot(kind: kind, rows: .empty(schema(rows)), series: [], x: nil, y: nil)))
      return context.receipt(found.work, rows: 0, lines: ["no points\(leftOut(bounds)); \(blocksText(found.work))"])
    }
    let limit = PlotReduction.mostRows(kind, seriesCount: bounds.seriesCount)
    let result = try context.run(.head(limit), of: reduction.points(of: kind, x: xRange, y: yRange))
    let points = PlotPoints(result.rows, kind: kind, seriesNames: rows.seriesNames)
    context.emit(
      .plot(
        Plot(
          kind: kind, rows: points.batch(schema(rows)), series: points.series, x: .horizontal(rows.xName, xRange, rows.line),
          y: .vertical(rows.yName, yRange))))
    let work = found.work + result.work
    context.receipt(
      work, rows: points.count,
      lines: [
        "\(counted(bounds.pointCount, "point"))\(leftOut(bounds)), \(groupedText(points.count)) drawn, \(movedText(work)); \(blocksText(work))"
      ])
  }

  private func leftOut(_ bounds: PlotBounds) -> String {
    bounds.leftOut == 0 ? "" : ", \(groupedText(bounds.leftOut)) without a finite number left out"
  }

  private func schema(_ rows: PlottedRows) -> Schema {
    let series = rows.hasSeries ? [Field("series", .string)] : []
    return Schema([Field(rows.xName, rows.plan.schema[0].type)] + series + [Field(rows.yName, .float64)])
  }
}

/// What `PlotReduction.bounds` gives of all series together.
private struct PlotBounds {
  private(set) var x: ClosedRange<Double>?
  private(set) var y: ClosedRange<Double>?
  private(set) var pointCount = 0
  private(set) var leftOut = 0
  let seriesCount: Int

  init(_ rows: Batch) {
    seriesCount = rows.rowCount
    for row in 0..<rows.rowCount {
      let values = rows.row(row)
      guard case .int64(let points) = values[5], case .int64(let all) = values[6] else { continue }
      pointCount += Int(points)
      leftOut += Int(all - points)
      x = Self.joined(x, values[1], values[2])
      y = Self.joined(y, values[3], values[4])
    }
  }

  private static func joined(_ range: ClosedRange<Double>?, _ least: Value, _ greatest: Value) -> ClosedRange<Double>? {
    guard case .float64(let least) = least, case .float64(let greatest) = greatest else { return range }
    return min(range?.lowerBound ?? least, least)...max(range?.upperBound ?? greatest, greatest)
  }
}

/// The points that `PlotReduction.points` gives, each once, series by series from left to right.
private struct PlotPoints {
  private var points: [(name: String, points: [(x: Value, y: Value)])] = []

  var count: Int { points.reduce(0) { $0 + $1.points.count } }

  init(_ rows: Batch, kind: Plot.Kind, seriesNames: [String]) {
    points = seriesNames.map { ($0, []) }
    let pieceCount = kind == .line ? 1 : 2
    for row in 0..<rows.rowCount {
      let values = rows.row(row)
      guard case .string(let name) = values[0] else { continue }
      if !points.contains(where: { $0.name == name }) { points.append((name, [])) }
      guard let index = points.firstIndex(where: { $0.name == name }) else { continue }
      var own: [(x: Value, y: Value)] = []
      for place in stride(from: 1 + pieceCount, to: values.count, by: 2) {
        let point = (x: values[place], y: values[place + 1])
        if !own.contains(where: { $0.x == point.x && $0.y == point.y }) { own.append(point) }
      }
      points[index].points += own.enumerated().sorted { a, b in
        (a.element.x.lineNumber, a.offset) < (b.element.x.lineNumber, b.offset)
      }.map(\.element)
    }
  }

  var series: [Plot.Series] {
    points.map { Plot.Series(name: $0.name, points: $0.points.map { Plot.Point(x: $0.x.lineNumber, y: $0.y.lineNumber) }) }
  }

  /// The points as rows.
  func batch(_ schema: Schema) -> Batch {
    let builders = schema.fields.map { ColumnBuilder(type: $0.type) }
    for (name, points) in points {
      for point in points {
        builders[0].append(point.x)
        if builders.count == 3 { builders[1].append(text: name) }
        builders[builders.count - 1].append(point.y)
      }
    }
    return Batch(schema: schema, columns: builders.map { $0.finish() }, rowCount: count)
  }
}

extension Value {
  /// Where it lies on the line of its `NumberLine`.
  fileprivate var lineNumber: Double {
    switch self {
    case .int64(let number), .timestamp(let number): Double(number)
    case .date(let days): Double(days)
    case .float64(let number): number
    default: 0
    }
  }
}
