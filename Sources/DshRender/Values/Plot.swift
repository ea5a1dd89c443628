// Lines or points between two axes: what `plot` shows.

import DshColumns

/// Series of points.
public struct Plot: Sendable {
  public enum Kind: String, Sendable, Hashable {
    case line, scatter
  }

  public struct Point: Sendable, Hashable {
    public var x: Double
    public var y: Double

    public init(x: Double, y: Double) {
      self.x = x
      self.y = y
    }
  }

  /// Points from left to right; the name is empty where there is one series alone.
  public struct Series: Sendable, Hashable {
    public var name: String
    public var points: [Point]

    public init(name: String, points: [Point]) {
      self.name = name
      self.points = points
    }
  }

  /// A mark at an axis.
  public struct Tick: Sendable, Hashable {
    public var place: Double
    public var label: String

    public init(_ place: Double, _ label: String) {
      self.place = place
      self.label = label
    }
  }

  /// What an axis shows; its range is no single number.
  public struct Axis: Sendable, Hashable {
    public var name: String
    public var range: ClosedRange<Double>
    public var ticks: [Tick]

    public init(name: String, range: ClosedRange<Double>, ticks: [Tick]) {
      self.name = name
      self.range = range
      self.ticks = ticks
    }

    /// How far from the lower end of the axis a number lies, from 0 to 1.
    func share(of number: Double) -> Double {
      // Halves, as the distance of two numbers may be none.
      min(1, max(0, (number / 2 - range.lowerBound / 2) / (range.upperBound / 2 - range.lowerBound / 2)))
    }
  }

  public var kind: Kind
  /// The points as rows, for formats of data.
  public var rows: Batch
  public var series: [Series]
  /// Nil if there are no points.
  public var x: Axis?
  public var y: Axis?

  public init(kind: Kind, rows: Batch, series: [Series], x: Axis?, y: Axis?) {
    self.kind = kind
    self.rows = rows
    self.series = series
    self.x = x
    self.y = y
  }
}
