namespace DroneOps.Simulator.Camera;

/// <summary>What a spot in the picture is made of. Below 128: the top bit of a texel says that it lies in shadow.</summary>
internal enum Surface : byte
{
    Ground, Farmland, Hill, Park, Square, Island, OldBlock, ResidentialBlock, CommercialBlock, CivicBlock, IndustrialBlock, Lawn, Furrow, Meadow,
    Water, Pavement, Asphalt, Lane, Marking, MarkingYellow, Ballast, Rail, Deck,
    Tree, TreeDark,
    RoofGrey, RoofLight, RoofTile, RoofBlue, RoofBrown,
    Wall, WallBright, Window,
    CarWhite, CarBlack, CarSilver, CarRed, CarBlue, Glass, Engine,
    Person, PersonDark, FlashRed, FlashBlue, Tape, Smoke,
    Paint, Ink,

    /// <summary>How many there are.</summary>
    Count,
}
