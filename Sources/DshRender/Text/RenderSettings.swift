// What rendered text looks like: its width, colours, drawings, rows and digits.

/// How wide and how colourful text may be.
public struct RenderSettings: Sendable, Hashable {
  /// Terminal cells a line may take; nil for no limit (pipes, files, `set width 0`).
  public var width: Int?
  public var usesColor: Bool
  /// The characters of frames and bars.
  public var drawing: Drawing
  /// The most rows a table shows; nil for all.
  public var rowLimit: Int?
  /// Significant digits of fractions; nil for what is usual.
  public var digits: Int?

  public init(width: Int? = nil, usesColor: Bool = false, drawing: Drawing = .unicode, rowLimit: Int? = nil, digits: Int? = nil) {
    self.width = width
    self.usesColor = usesColor
    self.drawing = drawing
    self.rowLimit = rowLimit
    self.digits = digits
  }
}
