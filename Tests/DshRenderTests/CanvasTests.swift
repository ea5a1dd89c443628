// The colours of pictures.

import Glibc
import Testing

@testable import DshRender

@Suite struct CanvasTests {
  /// Relative luminance (WCAG 2.1).
  private func luminance(_ color: String) -> Double {
    let number = Int(color.dropFirst(), radix: 16) ?? 0
    let parts = [16, 8, 0].map { shift in
      let part = Double((number >> shift) & 0xFF) / 255
      return part <= 0.03928 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
  }

  private func contrast(_ first: String, _ second: String) -> Double {
    let (low, high) = (min(luminance(first), luminance(second)), max(luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)
  }

  @Test func contrastIsThatOfTheStandard() {
    #expect(abs(contrast("#ffffff", "#000000") - 21) < 0.01)
    #expect(abs(contrast("#ffffff", "#767676") - 4.54) < 0.01)
  }

  @Test(arguments: Canvas.colors, ["#ffffff", "#1e1e1e"]) func seriesAreToldFromTheirPage(color: String, page: String) {
    #expect(contrast(color, page) >= 3)
  }

  @Test func picturesAreNeverTooSmallToRead() {
    #expect(Canvas(title: "", width: 720, height: 100).svg.contains("min-width:560px"))
    #expect(Canvas(title: "", width: 300, height: 100).svg.contains("min-width:300px"))
  }
}
