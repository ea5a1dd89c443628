// Drawings of results as SVG, for notebooks and pages.

/// Drawings (`bar`, `hist`, `plot`, `diagram`, `blocks --map`) as SVG of their own; nil for anything else.
public struct OutputPicture {
  private let settings: RenderSettings

  public init(settings: RenderSettings) { self.settings = settings }

  public func svg(_ output: Output) -> String? {
    switch output {
    case .presented(let inner, _): svg(inner)
    case .bars(let bars): BarPicture.svg(bars, settings: settings)
    case .plot(let plot): PlotPicture.svg(plot)
    case .diagram(let diagram, _): DiagramPicture.svg(diagram)
    case .blockMap(let map): BlockMapPicture.svg(map)
    default: nil
    }
  }
}
