/// A flat current collector whose surface properties depend on the position: a matrix, and islands in it.
public struct Substrate: Sendable, Equatable {
  public var matrix: Surface
  public var islands: Islands?
  /// What has to be converted before the surface is that of matrix and islands; `nil`: it is that from the start.
  public var conversion: Conversion?

  public init(matrix: Surface, islands: Islands? = nil, conversion: Conversion? = nil) {
    self.matrix = matrix
    self.islands = islands
    self.conversion = conversion
  }
}

/// One kind of substrate surface.
public struct Surface: Sendable, Equatable {
  public var name: String
  /// Young's contact angle of the metal in the electrolyte, rad, measured inside the metal.
  public var contactAngle: Sourced
  /// How electrons pass from the collector into metal that lies on this surface.
  public var contact: Contact
  /// What the table says of that contact's law; `nil` where the case gives the law.
  public var tabulatedContact: StatedContact?

  public init(name: String, contactAngle: Sourced, contact: Contact, tabulatedContact: StatedContact? = nil) {
    self.name = name
    self.contactAngle = contactAngle
    self.contact = contact
    self.tabulatedContact = tabulatedContact
  }
}

/// Round islands (stripes in two dimensions) on a square lattice. The first is centred at half a pitch from
/// the box's corner (and `shift`); the number along each side is the box's extent over the pitch, rounded.
public struct Islands: Sendable, Equatable {
  /// Diameter and distance between centres, m.
  public var diameter: Double
  public var pitch: Double
  public var surface: Surface
  /// Width σ over which cosθ goes over from the island's to the matrix's, like the normal distribution, m. Contacts stay
  /// sharp.
  public var edgeWidth: Sourced
  /// By how much the lattice is moved, m.
  public var shift = SIMD2(0.0, 0.0)

  public init(
    diameter: Double, pitch: Double, surface: Surface, edgeWidth: Sourced = Islands.standardEdgeWidth
  ) {
    self.diameter = diameter
    self.pitch = pitch
    self.surface = surface
    self.edgeWidth = edgeWidth
  }

  /// Converted layers are polycrystalline and rough over some nanometres; no measurement of an edge is known.
  public static var standardEdgeWidth: Sourced {
    Sourced(3e-9, "m", .estimated, "roughness and intermixing at the edge of a grain; range 1-5 nm")
  }
}
