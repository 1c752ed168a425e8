"""`frontline classifier` and `frontline model`: trained, judged, promoted."""
