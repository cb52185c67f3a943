"""A photographed page: a picture comes in, rows of cells with numbers go out. Its sheet is flattened, it is turned upright,
rulings and grids are taken out, words are left out; what is written in a cell is read as any picture is."""
