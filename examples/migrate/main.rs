fn main(){ println!("{}", cfg!(feature="ical")); }
